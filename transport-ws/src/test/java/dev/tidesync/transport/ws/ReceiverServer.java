package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of the default dialect that keeps idempotency keys, and does what an operation's payload asks of it:
 * {@code error:Name}, {@code close:1011}, {@code silence}, {@code huge:70000}; anything else it takes.
 */
final class ReceiverServer extends WebSocketServer implements AutoCloseable {
    static final String PROTOCOL = "json.reliable.webpubsub.azure.v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CountDownLatch started = new CountDownLatch(1);
    private final Map<String, JsonNode> applied = new ConcurrentHashMap<>();
    final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    final List<JsonNode> effects = new CopyOnWriteArrayList<>();
    final List<ClientHandshake> handshakes = new CopyOnWriteArrayList<>();
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private volatile boolean holding;
    private volatile boolean stopped;

    ReceiverServer() {
        this(new Draft_6455(List.of(), List.of(new Protocol(PROTOCOL)), 64 << 20));
    }

    ReceiverServer(Draft draft) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, List.of(draft));
        setDaemon(true);
        setReuseAddr(true);
    }

    static ReceiverServer started() {
        return new ReceiverServer().begin();
    }

    ReceiverServer begin() {
        start();
        try {
            started.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
        return this;
    }

    String url() {
        return "ws://127.0.0.1:" + getPort() + "/inbox";
    }

    /** Acknowledges nothing until {@link #release}. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    @Override
    public void onStart() {
        Thread reminder = new Thread(this::remindOfWrites, "ws-receiver-server-reminder");
        reminder.setDaemon(true);
        reminder.start();
        started.countDown();
    }

    /** The library's server forgets a write that is asked for just as it finds its queue empty. */
    private void remindOfWrites() {
        while (!stopped) {
            getConnections().stream().filter(WebSocket::hasBufferedData).forEach(this::onWriteDemand);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {
        handshakes.add(handshake);
    }

    @Override
    public void onMessage(WebSocket connection, String text) {
        try {
            JsonNode message = JSON.readTree(text);
            messages.add(message);
            if (holding) {
                held.add(() -> answer(connection, message));
            } else {
                answer(connection, message);
            }
        } catch (java.io.IOException malformed) {
            throw new AssertionError(malformed);
        }
    }

    private void answer(WebSocket connection, JsonNode message) {
        String[] order = message.path("data").path("payload").asText().split(":", 2);
        switch (order[0]) {
            case "error" -> acknowledge(connection, message, "{\"name\":\"" + order[1] + "\",\"message\":\"as told\"}");
            case "throttle" ->
                acknowledge(
                        connection,
                        message,
                        "{\"name\":\"TooManyRequests\",\"message\":\"\",\"retryAfterMs\":" + order[1] + "}");
            case "close" -> connection.close(Integer.parseInt(order[1]), "as told");
            case "silence" -> {}
            case "huge" -> connection.send("x".repeat(Integer.parseInt(order[1])));
            default -> take(connection, message);
        }
    }

    private void take(WebSocket connection, JsonNode message) {
        JsonNode operation = message.path("data");
        boolean fresh = applied.putIfAbsent(operation.path("idempotency_key").asText(), operation) == null;
        if (fresh) {
            effects.add(operation);
        }
        acknowledge(connection, message, fresh ? null : "{\"name\":\"Duplicate\",\"message\":\"\"}");
    }

    private static void acknowledge(WebSocket connection, JsonNode message, @Nullable String error) {
        try {
            connection.send(
                    "{\"type\":\"ack\",\"ackId\":" + message.path("ackId").asLong() + ",\"success\":" + (error == null)
                            + (error == null ? ",\"data\":{\"answer\":42}" : ",\"error\":" + error) + "}");
        } catch (WebsocketNotConnectedException cut) {
            assertThat(connection.isOpen()).isFalse(); // the link was cut meanwhile: the sender gets no answer
        }
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

    /** Cut connections are what the tests do to it. */
    @Override
    public void onError(@Nullable WebSocket connection, Exception failure) {}

    @Override
    public void close() {
        stopped = true;
        try {
            stop(100);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
