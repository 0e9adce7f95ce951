package dev.tidesync.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/** Messages of Java-WebSocket, each answered by a short one: what the library gives with nothing around it. */
final class BareMessages implements Closeable {
    /** What an operation with a payload of this benchmark's size takes as a message. */
    private static final int MESSAGE_BYTES = Bench.PAYLOAD_BYTES + 250;

    private static final int ANSWER_BYTES = 40;

    private final Server server = new Server();
    private final Client client;
    private final int inFlight;
    private final AtomicInteger unsent = new AtomicInteger();
    private volatile CountDownLatch answers = new CountDownLatch(0);

    BareMessages(int inFlight) throws Exception {
        this.inFlight = inFlight;
        server.start();
        client = new Client(URI.create("ws://127.0.0.1:" + server.port.get() + "/"));
        if (!client.connectBlocking()) {
            throw new IOException("the client of the benchmark did not connect");
        }
    }

    /** Sends so many messages, as many at a time as was said, and waits for their answers. */
    int exchange(int count) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(count);
        answers = done;
        unsent.set(count - inFlight);
        for (int i = 0; i < inFlight; i++) {
            client.send(new byte[MESSAGE_BYTES]);
        }
        done.await();
        return count;
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            server.stop(1_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Client extends WebSocketClient {
        Client(URI uri) {
            super(uri);
            setDaemon(true);
            setTcpNoDelay(true);
        }

        @Override
        public void onMessage(ByteBuffer answer) {
            if (unsent.getAndDecrement() > 0) {
                send(new byte[MESSAGE_BYTES]);
            }
            answers.countDown();
        }

        @Override
        public void onMessage(String answer) {}

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onClose(int code, String reason, boolean remote) {}

        /** Without an answer there is no figure. */
        @Override
        public void onError(Exception failure) {}
    }

    private static final class Server extends WebSocketServer {
        private final CompletableFuture<Integer> port = new CompletableFuture<>();

        Server() {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            setDaemon(true);
            setTcpNoDelay(true);
        }

        @Override
        public void onStart() {
            port.complete(getPort());
        }

        @Override
        public void onMessage(WebSocket connection, ByteBuffer message) {
            connection.send(new byte[ANSWER_BYTES]);
        }

        @Override
        public void onMessage(WebSocket connection, String message) {}

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onError(@Nullable WebSocket connection, Exception failure) {
            if (connection == null) {
                port.completeExceptionally(failure);
            }
        }
    }
}
