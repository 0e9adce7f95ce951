package dev.tidesync.transport.ws.receiver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.DefaultWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Says back whatever it hears, over the protocol and the channels of a receiver. */
public final class EchoServer extends WebSocketServer implements AutoCloseable {
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    public EchoServer(int maxMessageBytes) {
        super(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                1,
                List.of(new CarefulDraft(maxMessageBytes)));
        setDaemon(true);
        setTcpNoDelay(true);
        setWebSocketFactory(new GuardedChannels(new DefaultWebSocketServerFactory(), 64));
        start();
    }

    /** Where it listens. */
    public int port() {
        return port.join();
    }

    @Override
    public void onStart() {
        port.complete(getPort());
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {
        ((GuardedChannel) ((org.java_websocket.WebSocketImpl) connection).getChannel()).opened();
    }

    @Override
    public void onMessage(WebSocket connection, String message) {
        connection.send(message);
    }

    @Override
    public void onMessage(WebSocket connection, ByteBuffer message) {
        connection.send(message);
    }

    @Override
    public void onClose(WebSocket connection, int code, @Nullable String reason, boolean remote) {}

    /** The other side sees what became of its connection. */
    @Override
    public void onError(@Nullable WebSocket connection, Exception error) {
        if (connection == null) {
            port.completeExceptionally(error);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop(1_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
