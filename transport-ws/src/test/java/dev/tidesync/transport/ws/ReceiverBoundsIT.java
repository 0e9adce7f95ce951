package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Peers that keep to no rules cost the receiver little, and other senders nothing. */
class ReceiverBoundsIT {
    private static final int CONTINUATION = 0x0;

    private final MemoryInbox inbox = new MemoryInbox();
    private final WsReceiver receiver = WsReceiver.listen(
            inbox, WsReceiver.Config.builder().maxConnections(8).build());

    ReceiverBoundsIT() throws IOException {}

    /** Whatever a test did: another sender still gets through. */
    @AfterEach
    void othersGoOn() {
        try (ISyncTransport transport = WsFixture.transport()) {
            WsFixture.deliver(transport, WsFixture.operation("ws://127.0.0.1:" + receiver.port() + "/", "hello"));
        } finally {
            receiver.close();
        }
    }

    private static String event(String ackId, String data) {
        return "{\"type\":\"event\",\"event\":\"operation\",\"ackId\":" + ackId + ",\"dataType\":\"json\",\"data\":"
                + data + "}";
    }

    private static String operation(int number) {
        return "{\"kind\":\"ws.send\",\"target\":\"x\",\"payload\":\"p\",\"idempotency_key\":\"raw-" + number + "\"}";
    }

    @Test
    void aFrameThatAnnounces900MegabytesIsRefusedBeforeAnythingIsAllocated() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            peer.write(ByteBuffer.allocate(14)
                    .put((byte) 0x81)
                    .put((byte) (0x80 | 127))
                    .putLong(900_000_000)
                    .putInt(0)
                    .array());

            assertThat(peer.next()).isEqualTo("1009");
        }
    }

    /** Pings may come between fragments, and must not make them be forgotten. */
    @Test
    void aMessageInEndlessFragmentsWithPingsBetweenIsCutOff() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            peer.write(RawPeer.frame(RawPeer.TEXT, new byte[0]));
            for (int i = 0; i < 1_100; i++) {
                peer.write(RawPeer.frame(CONTINUATION, new byte[0]));
                peer.write(RawPeer.frame(0x80 | RawPeer.PING, new byte[0]));
            }

            assertThat(peer.next()).isEqualTo("1009");
        } catch (SocketException cutBeforeAllWasWritten) {
            assertThat(cutBeforeAllWasWritten).isNotNull();
        }
    }

    @Test
    void framesThatBreakTheProtocolAreToldOfRarelyAndInOneLine() throws IOException {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        logged.start();
        root.addAppender(logged);
        try {
            for (int i = 0; i < 4; i++) {
                closedWith("1002", RawPeer.frame(0x83, new byte[0])); // no such opcode
                closedWith("1002", RawPeer.frame(0x80 | CONTINUATION, new byte[0])); // of no message
                closedWith("1002", RawPeer.frame(0xC1, new byte[0])); // a reserved bit
                closedWith("1007", RawPeer.frame(0x81, new byte[] {(byte) 0xFF})); // no UTF-8
                closedWith("1002", RawPeer.frame(RawPeer.TEXT, new byte[0]), RawPeer.frame(0x81, new byte[0]));
                closedWith("1002", RawPeer.frame(0x88, new byte[] {0x03, (byte) 0xE8, (byte) 0xFF})); // nor its reason
                closedWith("1000", RawPeer.frame(0x88, new byte[] {0x03, (byte) 0xE8}), RawPeer.ping()); // too late
            }
            await().until(() -> logged.list.stream()
                    .anyMatch(event -> event.getFormattedMessage().startsWith("16 connections closed")));
        } finally {
            root.detachAppender(logged);
        }

        assertThat(logged.list).hasSize(5).allMatch(event -> event.getThrowableProxy() == null);
    }

    private void closedWith(String code, byte[]... frames) throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            for (byte[] frame : frames) {
                peer.write(frame);
            }
            assertThat(peer.next()).isEqualTo(code);
        }
    }

    @Test
    void aMessageInEndlessFragmentsIsCutOff() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            peer.write(RawPeer.frame(RawPeer.TEXT, new byte[0]));
            assertThat(floodUntilCut(peer, RawPeer.frame(CONTINUATION, new byte[0])))
                    .isTrue();
        }
    }

    @Test
    void aHandshakeWithoutAnEndIsCutOff() throws IOException {
        try (RawPeer peer = RawPeer.connected(receiver.port())) {
            peer.write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(floodUntilCut(
                            peer, "X-Filler: abcdefghijklmnopqrstuvwxyz\r\n".getBytes(StandardCharsets.US_ASCII)))
                    .isTrue();
        }
    }

    @Test
    void aPeerThatPingsAndReadsNothingIsCutOff() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            assertThat(floodUntilCut(peer, RawPeer.ping())).isTrue();
        }
    }

    @Test
    void aPeerThatSendsOperationsAndReadsNoAnswersIsCutOff() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            byte[] refused = RawPeer.frame(0x81, event("7", "{}").getBytes(StandardCharsets.UTF_8));
            assertThat(floodUntilCut(peer, refused)).isTrue();
        }
    }

    /** False if 64 MiB went through. */
    private static boolean floodUntilCut(RawPeer peer, byte[] bytes) throws IOException {
        int times = Math.max(1, 65_536 / bytes.length);
        ByteBuffer block = ByteBuffer.allocate(times * bytes.length);
        for (int i = 0; i < times; i++) {
            block.put(bytes);
        }
        try {
            for (int sent = 0; sent < 64 << 20; sent += block.capacity()) {
                peer.write(block.array());
            }
            return false;
        } catch (SocketException cut) {
            return true;
        }
    }

    @Test
    void aSenderBeyondItsWindowIsToldToWait() throws IOException {
        inbox.hold();
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            for (int i = 0; i < 1024; i++) {
                peer.sendText(event(Integer.toString(i), operation(i)));
            }
            await().until(() -> inbox.holds() == 1024);
            peer.sendText(event("1024", operation(1024)));

            assertThat(peer.next()).contains("\"ackId\":1024", "TooManyRequests", "retryAfterMs");
        }
        inbox.release();
    }

    @Test
    void connectionsBeyondTheLimitAreTurnedAwayUntilOneEnds() throws IOException {
        List<RawPeer> halfOpen = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            halfOpen.add(RawPeer.connected(receiver.port()));
        }
        await().untilAsserted(() -> {
            try (RawPeer oneTooMany = RawPeer.connected(receiver.port())) {
                oneTooMany.write(RawPeer.handshake());
                assertThat(oneTooMany.readHead()).isEmpty();
            } catch (SocketException reset) {
                assertThat(reset).isNotNull(); // turned away as well
            }
        });
        for (RawPeer peer : halfOpen) {
            peer.close();
        }
    }

    @Test
    void connectionsWithoutAHandshakeEndAndMakeRoom() throws IOException {
        for (int i = 0; i < 8; i++) {
            RawPeer.connected(receiver.port());
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            try (RawPeer peer = RawPeer.connected(receiver.port())) {
                peer.write(RawPeer.handshake());
                assertThat(peer.readHead()).startsWith("HTTP/1.1 101");
            } catch (SocketException turnedAway) {
                throw new AssertionError(turnedAway);
            }
        });
    }

    @Test
    void whatIsNoOperationIsRefusedByName() throws IOException {
        try (RawPeer peer = RawPeer.open(receiver.port())) {
            peer.sendText(event("1", "{\"kind\":\"\"}"));
            assertThat(peer.next()).contains("\"ackId\":1", "BadRequest");
            peer.sendText(event("2", "17"));
            assertThat(peer.next()).contains("\"ackId\":2", "BadRequest");
            peer.sendText(event("3", "{\"kind\":\"a\",\"target\":\"b\",\"payload_base64\":\"?\"}"));
            assertThat(peer.next()).contains("\"ackId\":3", "BadRequest");
            peer.sendText("{\"type\":\"joinGroup\",\"group\":\"g\",\"ackId\":4}");
            assertThat(peer.next()).contains("\"ackId\":4", "BadRequest");
            peer.sendText("{\"type\":\"ping\"}");
            assertThat(peer.next()).contains("pong");
            peer.sendText(event("5", operation(5)));
            assertThat(peer.next()).contains("\"ackId\":5", "\"success\":true");
        }
    }

    @Test
    void whatCannotBeAnsweredEndsTheConnection() throws IOException {
        for (String message : List.of("no JSON", "[]", "{\"type\":\"event\",\"data\":{}}", "{}{}", "[".repeat(1000))) {
            try (RawPeer peer = RawPeer.open(receiver.port())) {
                peer.sendText(message);
                assertThat(peer.next()).as(message).isEqualTo("1003");
            }
        }
    }
}
