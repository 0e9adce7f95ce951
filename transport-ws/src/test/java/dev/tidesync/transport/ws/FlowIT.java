package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.deliver;
import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much goes out at a time, and how large it may be. */
class FlowIT {
    private final ReceiverServer server = ReceiverServer.started();

    @AfterEach
    void close() {
        server.close();
    }

    private List<CompletableFuture<SendResult>> startMany(ISyncTransport transport, int count, String payload) {
        return IntStream.range(0, count)
                .mapToObj(i -> start(transport, operation(server.url(), payload)))
                .toList();
    }

    @Test
    void aFullWindowOfOperationsLetsTheRestWait() {
        try (ISyncTransport transport = transport("window.operations", "4")) {
            server.hold();
            List<CompletableFuture<SendResult>> results = startMany(transport, 20, "hello");

            Awaitility.await().until(() -> server.messages.size() == 4);
            Awaitility.await().during(java.time.Duration.ofMillis(200)).until(() -> server.messages.size() == 4);
            server.release();

            assertThat(results).map(WsFixture::await).allMatch(SendResult::ok);
            assertThat(server.effects).hasSize(20);
            assertThat(server.handshakes).hasSize(1);
        }
    }

    @Test
    void aFullWindowOfBytesLetsTheRestWait() {
        try (ISyncTransport transport = transport("window.bytes", "10KiB")) {
            server.hold();
            List<CompletableFuture<SendResult>> results = startMany(transport, 6, "x".repeat(4000));

            Awaitility.await().until(() -> server.messages.size() == 2);
            Awaitility.await().during(java.time.Duration.ofMillis(200)).until(() -> server.messages.size() == 2);
            server.release();

            assertThat(results).map(WsFixture::await).allMatch(SendResult::ok);
        }
    }

    @Test
    void anOperationLargerThanTheWindowGoesAlone() {
        try (ISyncTransport transport = transport("window.bytes", "1KiB")) {
            assertThat(send(transport, operation(server.url(), "x".repeat(100_000)))
                            .ok())
                    .isTrue();
        }
    }

    @Test
    void moreThanMayWaitIsGivenBackUncharged() {
        try (ISyncTransport transport = transport("window.operations", "1", "window.waiting", "2")) {
            server.hold();
            List<CompletableFuture<SendResult>> first = startMany(transport, 1, "hello");
            Awaitility.await().until(() -> server.messages.size() == 1);
            List<CompletableFuture<SendResult>> rest = startMany(transport, 3, "hello");

            assertThat(WsFixture.await(rest.get(2)).code()).isEqualTo("ws.window-full");
            assertThat(WsFixture.await(rest.get(2)).scope()).isEqualTo(SendResult.Scope.TARGET);
            server.release();
            assertThat(first).map(WsFixture::await).allMatch(SendResult::ok);
            assertThat(rest.subList(0, 2)).map(WsFixture::await).allMatch(SendResult::ok);
        }
    }

    @Test
    void aMessageLongerThanAllowedFailsForGoodUnsent() {
        try (ISyncTransport transport = transport("max-outgoing-bytes", "1KiB")) {
            SendResult result = send(transport, operation(server.url(), "x".repeat(2000)));

            assertThat(result.retryable()).isFalse();
            assertThat(result.code()).isEqualTo("ws.too-large");
            assertThat(server.messages).isEmpty();
            assertThat(send(transport, operation(server.url(), "small")).ok()).isTrue();
        }
    }

    @Test
    void anAnswerLongerThanAllowedEndsTheConnectionAndIsChargedToALoneOperation() {
        try (ISyncTransport transport = transport("max-incoming-bytes", "64KiB")) {
            SendResult result = send(transport, operation(server.url(), "huge:100000"));

            assertThat(result.code()).isEqualTo("ws.answer-too-large");
            assertThat(result.scope()).isEqualTo(SendResult.Scope.OPERATION);
            assertThat(result.ambiguous()).isTrue();
            assertThat(deliver(transport, operation(server.url(), "hello"))).isPositive();
        }
    }

    @Test
    void binaryPayloadsTravelAsBase64() {
        try (ISyncTransport transport = transport()) {
            byte[] bytes = {0, (byte) 0xff, 1, (byte) 0xc3};
            send(
                    transport,
                    operation(server.url(), "").toBuilder().payload(bytes).build());

            assertThat(server.effects.get(0).path("payload_base64").asText()).isEqualTo("AP8Bww==");
            assertThat(server.effects.get(0).has("payload")).isFalse();
        }
    }

    @Test
    void anIdleConnectionIsClosedAndOpenedAgainWhenNeeded() {
        try (ISyncTransport transport = transport("idle-timeout", "50ms")) {
            send(transport, operation(server.url(), "one"));
            Awaitility.await().until(() -> server.getConnections().isEmpty());

            assertThat(send(transport, operation(server.url(), "two")).ok()).isTrue();
            assertThat(server.handshakes).hasSize(2);
        }
    }
}
