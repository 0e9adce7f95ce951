package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each row of the outcome table, against a server that does what the row says. */
class OutcomeTableIT {
    private final ReceiverServer server = ReceiverServer.started();
    private final ISyncTransport transport = transport();

    @AfterEach
    void close() {
        transport.close();
        server.close();
    }

    @Test
    void anAcknowledgementMeansDelivered() {
        assertThat(send(transport, operation(server.url(), "hello")).ok()).isTrue();
        assertThat(server.effects)
                .singleElement()
                .satisfies(operation ->
                        assertThat(operation.path("payload").asText()).isEqualTo("hello"));
    }

    @Test
    void duplicateMeansDelivered() {
        Operation once = operation(server.url(), "hello");
        send(transport, once);

        assertThat(send(transport, once).ok()).isTrue();
        assertThat(server.messages).hasSize(2);
        assertThat(server.effects).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "InternalServerError, OPERATION, false",
        "SomethingUnheardOf, OPERATION, false",
        "GatewayTimeout, TARGET, true",
        "ServiceUnavailable, TARGET, false",
        "TooManyRequests, TARGET, false",
        "RequestThrottled, TARGET, false",
        "Unauthorized, TARGET, false",
    })
    void theseErrorsAreTriedAgain(String name, Scope scope, boolean ambiguous) {
        SendResult result = send(transport, operation(server.url(), "error:" + name));

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(scope);
        assertThat(result.ambiguous()).isEqualTo(ambiguous);
        assertThat(result.code()).isEqualTo("ws.error." + name);
    }

    @ParameterizedTest
    @CsvSource({"BadRequest", "InvalidPayload", "NotFound", "PayloadTooLarge", "Forbidden"})
    void theseErrorsAreFinal(String name) {
        SendResult result = send(transport, operation(server.url(), "error:" + name));

        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).isFalse();
        assertThat(result.error()).isEqualTo("the server refused it with " + name + ": as told");
    }

    @Test
    void aThrottlingServersWaitIsPassedOn() {
        SendResult result = send(transport, operation(server.url(), "throttle:2000"));

        assertThat(result.retryAfter()).contains(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource({"1001", "1011", "1012", "1013", "1014", "4408"})
    void aCloseWhileUnderWayIsAmbiguousAndUncharged(int code) {
        SendResult result = send(transport, operation(server.url(), "close:" + code));

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.ambiguous()).isTrue();
        assertThat(result.code()).isEqualTo("ws.close." + code);
    }

    @Test
    void aLoneOperationOverWhichTheServerClosesAsUsualIsCharged() {
        SendResult result = send(transport, operation(server.url(), "close:1000"));

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.OPERATION);
        assertThat(result.ambiguous()).isTrue();
        assertThat(result.code()).isEqualTo("ws.close.1000");
    }

    @ParameterizedTest
    @CsvSource({"1008", "4401", "4403"})
    void aCloseOverCredentialsWaitsForNewOnes(int code) {
        try (ISyncTransport slowProbe = transport("reconnect.blocked-probe", "1m")) {
            SendResult result = send(slowProbe, operation(server.url(), "close:" + code));
            SendResult next = send(slowProbe, operation(server.url(), "hello"));

            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.retryAfter()).contains(Duration.ofMinutes(1));
            assertThat(next.code()).isEqualTo("ws.close." + code);
            assertThat(next.retryAfter().orElseThrow()).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"1003", "1007"})
    void aCloseOverALoneMessageIsFinal(int code) {
        SendResult result = send(transport, operation(server.url(), "close:" + code));

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("ws.close." + code);
    }

    @ParameterizedTest
    @CsvSource({"1003", "1007"})
    void aCloseOverOneOfSeveralFindsTheCulpritOneByOne(int code) {
        server.hold();
        List<Operation> operations = Stream.of("good 1", "close:" + code, "good 2")
                .map(payload -> operation(server.url(), payload))
                .toList();
        List<CompletableFuture<SendResult>> first =
                operations.stream().map(each -> start(transport, each)).toList();
        Awaitility.await().until(() -> server.messages.size() == 3);
        server.release();
        first.forEach(WsFixture::await);

        List<SendResult> second =
                operations.stream().map(each -> sendUntilDecided(each)).toList();

        assertThat(second).extracting(SendResult::ok).containsExactly(true, false, true);
        assertThat(second.get(1).retryable()).isFalse();
    }

    private SendResult sendUntilDecided(Operation operation) {
        SendResult result = send(transport, operation);
        while (result.retryable()) {
            result = send(transport, operation);
        }
        return result;
    }

    @Test
    void tooBigForTheServerIsFinalForTheLargestUnderWay() {
        server.hold();
        CompletableFuture<SendResult> small = start(transport, operation(server.url(), "close:1009"));
        CompletableFuture<SendResult> large = start(transport, operation(server.url(), "x".repeat(5000)));
        Awaitility.await().until(() -> server.messages.size() == 2);
        server.release();

        assertThat(WsFixture.await(small).scope()).isEqualTo(Scope.TARGET);
        assertThat(WsFixture.await(small).ambiguous()).isTrue();
        assertThat(WsFixture.await(large).retryable()).isFalse();
        assertThat(WsFixture.await(large).code()).isEqualTo("ws.too-large");
    }

    @Test
    void silenceIsChargedAndAmbiguousAndTwoInARowDropTheConnection() {
        try (ISyncTransport impatient = transport("ack-timeout", "100ms")) {
            SendResult first = send(impatient, operation(server.url(), "silence"));
            SendResult second = send(impatient, operation(server.url(), "silence"));

            assertThat(List.of(first, second)).allSatisfy(result -> {
                assertThat(result.code()).isEqualTo("ws.ack-timeout");
                assertThat(result.scope()).isEqualTo(Scope.OPERATION);
                assertThat(result.ambiguous()).isTrue();
            });
            assertThat(WsFixture.deliver(impatient, operation(server.url(), "hello")))
                    .isPositive();
            assertThat(server.handshakes).hasSize(2);
        }
    }

    @Test
    void theAnswerToARequestComesWithTheAcknowledgement() {
        Operation request = Operation.builder()
                .id("r")
                .kind("ws.request")
                .target(server.url())
                .payload("what?")
                .idempotencyKey("r")
                .build();

        SendResult result = send(transport, request);

        assertThat(result.ok()).isTrue();
        assertThat(result.answer()).isEqualTo("{\"answer\":42}");
        assertThat(server.messages.get(0).path("event").asText()).isEqualTo("request");
    }

    @Test
    void whatAServerSaysToAnOperationThatAsksNothingIsNotKept() {
        assertThat(send(transport, operation(server.url(), "hello")).answer()).isEmpty();
    }

    @Test
    void anAnswerIsKeptAsFarAsTheSettingsAllow() {
        Operation request =
                operation(server.url(), "what?").toBuilder().kind("ws.request").build();
        try (ISyncTransport modest = transport("max-answer-bytes", "5")) {
            assertThat(send(modest, request).answer()).isEqualTo("{\"ans");
        }
    }
}
