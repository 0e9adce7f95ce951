package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cancelling, interrupting and closing. */
class LifecycleIT {
    private final ReceiverServer server = ReceiverServer.started();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aCancelledAttemptEndsAtOnceAndFreesItsPlaceInTheWindow() {
        try (ISyncTransport transport = transport("window.operations", "1")) {
            var context = new WsFixture.PatientContext();
            CompletableFuture<SendResult> sent = transport
                    .sendAsync(operation(server.url(), "silence"), context)
                    .toCompletableFuture();
            Awaitility.await().until(() -> server.messages.size() == 1);

            context.cancel();

            SendResult result = WsFixture.await(sent);
            assertThat(result.code()).isEqualTo("ws.cancelled");
            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.ambiguous()).isTrue();
            assertThat(send(transport, operation(server.url(), "next")).ok()).isTrue();
        }
    }

    @Test
    void anAttemptCancelledBeforeItWasSentIsNotAmbiguous() throws Exception {
        try (SilentServer silent = new SilentServer("");
                ISyncTransport transport = transport()) {
            var context = new WsFixture.PatientContext();
            CompletableFuture<SendResult> waiting = transport
                    .sendAsync(operation(silent.url(), "hello"), context)
                    .toCompletableFuture();
            Awaitility.await().until(() -> silent.connections() == 1);

            context.cancel();

            assertThat(WsFixture.await(waiting).ambiguous()).isFalse();
        }
    }

    @Test
    void anInterruptedSendPassesTheInterruptOn() {
        try (ISyncTransport transport = transport()) {
            Operation silence = operation(server.url(), "silence");

            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> transport.send(silence)).isInstanceOf(InterruptedException.class);
        }
    }

    @Test
    void closingEndsWhatIsUnderWayAndFreesThreadsAndMayBeRepeated() {
        ISyncTransport transport = transport();
        CompletableFuture<SendResult> sent = start(transport, operation(server.url(), "silence"));
        Awaitility.await().until(() -> server.messages.size() == 1);
        long before = System.nanoTime();

        transport.close();
        transport.close();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(WsFixture.await(sent).code()).isEqualTo("ws.transport-closed");
        assertThat(WsFixture.await(sent).ambiguous()).isTrue();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("tidesync-ws-test")));
    }

    @Test
    void closingWhileAPeerIsSilentIsPrompt() throws Exception {
        try (SilentServer silent = new SilentServer("")) {
            ISyncTransport transport = transport();
            CompletableFuture<SendResult> waiting = start(transport, operation(silent.url(), "hello"));
            Awaitility.await().until(() -> silent.connections() == 1);
            long before = System.nanoTime();

            transport.close();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
            assertThat(WsFixture.await(waiting).ambiguous()).isFalse();
        }
    }

    @Test
    void aSendAfterCloseIsGivenBack() {
        ISyncTransport transport = transport();
        transport.close();

        SendResult result = send(transport, operation(server.url(), "late"));

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
    }

    @Test
    void kindsAndTargetsThatMakeNoSenseAreFinal() {
        try (ISyncTransport transport = transport()) {
            Operation oddKind =
                    operation(server.url(), "").toBuilder().kind("ws.shout").build();

            assertThat(send(transport, oddKind).code()).isEqualTo("ws.kind");
            assertThat(send(transport, oddKind).retryable()).isFalse();
            assertThat(send(transport, operation("nowhere", "")).code()).isEqualTo("ws.target");
        }
    }

    @Test
    void aTargetMayBeAConfiguredName() {
        try (ISyncTransport transport = transport("destinations.orders", server.url())) {
            assertThat(send(transport, operation("orders", "hello")).ok()).isTrue();
        }
    }
}
