package dev.tidesync.transport.ws.receiver;

import dev.tidesync.spi.Inbox;
import dev.tidesync.transport.ws.wire.RareEvents;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The library's side of a receiver. Its callbacks run on the library's threads and never block. */
final class ReceiverEndpoint extends WebSocketServer {
    private static final Logger log = LoggerFactory.getLogger(ReceiverEndpoint.class);

    private static final byte[] UNAUTHORIZED =
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private static final Set<Integer> BROKEN_RULES =
            Set.of(CloseFrame.PROTOCOL_ERROR, CloseFrame.NO_UTF8, CloseFrame.TOOBIG, CloseFrame.POLICY_VALIDATION);

    private final Inbox inbox;
    private final Tokens tokens;
    private final RareEvents strangers = new RareEvents();
    private final RareEvents refusals = new RareEvents();
    private final CompletableFuture<Integer> started = new CompletableFuture<>();

    ReceiverEndpoint(InetSocketAddress address, WsReceiver.Config config, Inbox inbox, Tokens tokens) {
        super(address, config.workers(), List.of(new CarefulDraft(config.maxMessageBytes())));
        this.inbox = inbox;
        this.tokens = tokens;
        setDaemon(true);
        setReuseAddr(true);
        setTcpNoDelay(true);
        setConnectionLostTimeout((int) Math.max(1, config.heartbeat().toSeconds()));
    }

    /** The port it listens on; fails if it cannot. */
    CompletableFuture<Integer> started() {
        return started;
    }

    /**
     * Asks again for what waits to be written. The library forgets a write that is asked for in the moment between its
     * finding the queue empty and its ceasing to watch for room; until something else happened on the connection, an
     * answer would lie there.
     */
    void remindOfWrites() {
        getConnections().stream().filter(WebSocket::hasBufferedData).forEach(this::onWriteDemand);
    }

    @Override
    public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
            WebSocket connection, Draft draft, ClientHandshake request) throws InvalidDataException {
        Optional<String> origin = tokens.origin(request);
        if (origin.isEmpty()) {
            strangers.count(count -> log.warn(
                    "{} connections refused that showed no token known here, the last from {}",
                    count,
                    connection.getRemoteSocketAddress()));
            // the library would say 404; what is written first is what the caller reads
            ((WebSocketImpl) connection).outQueue.add(ByteBuffer.wrap(UNAUTHORIZED));
            throw new InvalidDataException(CloseFrame.POLICY_VALIDATION, "unauthorized");
        }
        connection.setAttachment(new Sender(connection, origin.get(), inbox));
        return super.onWebsocketHandshakeReceivedAsServer(connection, draft, request);
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {
        ((GuardedChannel) ((WebSocketImpl) connection).getChannel()).opened();
        Sender sender = connection.getAttachment();
        sender.say(Answer.connected(sender.origin(), UUID.randomUUID().toString()));
    }

    @Override
    public void onMessage(WebSocket connection, String message) {
        Sender sender = connection.getAttachment();
        sender.hear(message);
    }

    @Override
    public void onMessage(WebSocket connection, ByteBuffer message) {
        connection.close(CloseFrame.REFUSE, "only text messages are taken here");
    }

    @Override
    public void onClose(WebSocket connection, int code, @Nullable String reason, boolean remote) {
        log.debug("a connection ended with code {}: {}", code, reason);
        if (!remote && BROKEN_RULES.contains(code)) {
            refusals.count(count -> log.warn(
                    "{} connections closed over what they sent, the last with code {}: {}", count, code, reason));
        }
    }

    /** The library closes the connection after each error of one; without a connection it could not listen. */
    @Override
    public void onError(@Nullable WebSocket connection, Exception error) {
        if (connection == null && !started.completeExceptionally(error)) {
            log.error("the receiver failed; it takes no further connections", error);
        } else {
            log.debug("a connection reports an error", error);
        }
    }

    @Override
    public void onStart() {
        started.complete(getPort());
    }
}
