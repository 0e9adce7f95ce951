package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The second dialect, against a broker that confirms what it takes and answers {@code bad} with an ERROR. */
class StompIT {
    private final Broker broker = new Broker();
    private final ISyncTransport transport = transport(
            "dialect", "v12.stomp",
            "auth.type", "login",
            "auth.username", "ann",
            "auth.password", "secret",
            "auth.hosts", "127.0.0.1");

    @BeforeEach
    void startTheBroker() throws Exception {
        broker.start();
        broker.started.await();
    }

    @AfterEach
    void close() throws Exception {
        transport.close();
        broker.stop(100);
    }

    private String target() {
        return "ws://127.0.0.1:" + broker.getPort() + "/ws#/queue/orders";
    }

    @Test
    void aReceiptMeansDelivered() {
        assertThat(send(transport, operation(target(), "hello")).ok()).isTrue();
        assertThat(broker.frames.get(0)).startsWith("CONNECT\n").contains("login:ann\n");
        assertThat(broker.frames.get(1)).startsWith("SEND\ndestination:/queue/orders\n");
    }

    @Test
    void anErrorOverALoneMessageIsFinalAndTheNextGoesOverANewConnection() {
        SendResult bad = send(transport, operation(target(), "bad"));

        assertThat(bad.retryable()).isFalse();
        assertThat(bad.code()).isEqualTo("ws.rejected");
        assertThat(bad.error()).contains("cannot take it");
        assertThat(WsFixture.deliver(transport, operation(target(), "good"))).isPositive();
    }

    @Test
    void aRefusedLoginBlocksTheDestination() {
        broker.refusesLogins = true;

        SendResult result = send(transport, operation(target(), "hello"));

        assertThat(result.code()).isEqualTo("ws.login");
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.ambiguous()).isFalse();
    }

    @Test
    void requestsHaveNoAnswerInThisDialect() {
        SendResult result = send(
                transport,
                operation(target(), "hello").toBuilder().kind("ws.request").build());

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("ws.kind");
    }

    private static final class Broker extends WebSocketServer {
        final CountDownLatch started = new CountDownLatch(1);
        final List<String> frames = new CopyOnWriteArrayList<>();
        volatile boolean refusesLogins;

        Broker() {
            super(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    1,
                    List.of(new Draft_6455(List.of(), List.of(new Protocol("v12.stomp")))));
            setDaemon(true);
        }

        @Override
        public void onStart() {
            started.countDown();
        }

        @Override
        public void onMessage(WebSocket connection, String frame) {
            frames.add(frame);
            if (frame.startsWith("CONNECT")) {
                connection.send(refusesLogins ? "ERROR\nmessage:Bad CONNECT\n\n\0" : "CONNECTED\nversion:1.2\n\n\0");
            } else if (frame.endsWith("\nbad\0")) {
                connection.send("ERROR\nmessage:cannot take it\n\n\0");
                connection.close();
            } else {
                String receipt = frame.replaceAll("(?s).*\nreceipt:(\\d+)\n.*", "$1");
                connection.send("RECEIPT\nreceipt-id:" + receipt + "\n\n\0");
            }
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {}

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onError(@Nullable WebSocket connection, Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
