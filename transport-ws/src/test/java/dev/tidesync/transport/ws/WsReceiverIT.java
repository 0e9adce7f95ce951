package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.ReceivedOperation;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What our own receiver says to our own sender. */
class WsReceiverIT {
    @TempDir
    Path directory;

    private final MemoryInbox inbox = new MemoryInbox();
    private final WsReceiver receiver = WsReceiver.listen(inbox, WsReceiver.Config.onPort(0));
    private final String url = "ws://127.0.0.1:" + receiver.port() + "/inbox";

    WsReceiverIT() throws IOException {}

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void anOperationArrivesAsItWasSent() {
        Operation sent = operation(url, "").toBuilder()
                .payload(new byte[] {0, -1, 'a'})
                .header("X-Trace", "ü")
                .orderingKey("lane")
                .createdAtMs(1_700_000_000_000L)
                .expiresAtMs(1_800_000_000_000L)
                .build();
        try (ISyncTransport transport = transport()) {
            assertThat(send(transport, sent)).isEqualTo(SendResult.delivered());
        }

        ReceivedOperation received = inbox.accepted.get(0);
        assertThat(received.origin()).isEqualTo("local");
        assertThat(received.operation().sameIntent(sent)).isTrue();
        assertThat(received.operation().createdAtMs()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void anOperationThatArrivesTwiceIsDeliveredTwiceAndKeptOnce() {
        Operation operation = operation(url, "payload");
        try (ISyncTransport transport = transport()) {
            assertThat(send(transport, operation).ok()).isTrue();
            assertThat(send(transport, operation).ok()).isTrue();
        }

        assertThat(inbox.accepted).hasSize(1);
    }

    @Test
    void aKeyThatIsUsedForSomethingElseFailsForGood() {
        Operation operation = operation(url, "payload");
        try (ISyncTransport transport = transport()) {
            send(transport, operation);
            SendResult second =
                    send(transport, operation.toBuilder().payload("other").build());

            assertThat(second.retryable()).isFalse();
            assertThat(second.code()).isEqualTo("ws.error.InvalidIdempotencyKey");
            assertThat(second.error()).contains("used before");
        }
    }

    @Test
    void nothingIsAcknowledgedBeforeItIsDurable() {
        inbox.hold();
        try (ISyncTransport transport = transport()) {
            CompletableFuture<SendResult> result = start(transport, operation(url, "payload"));
            await().until(() -> inbox.holds() == 1);
            assertThat(result).isNotDone();

            inbox.release();

            assertThat(WsFixture.await(result).ok()).isTrue();
        }
    }

    @Test
    void aBrokenDiskIsTheReceiversFailure() {
        inbox.breakDisk();
        try (ISyncTransport transport = transport()) {
            SendResult result = send(transport, operation(url, "payload"));

            assertThat(result.retryable()).isTrue();
            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.code()).isEqualTo("ws.error.ServiceUnavailable");
        }
    }

    @Test
    void aFullInboxHasTheSenderWait() {
        inbox.fill();
        try (ISyncTransport transport = transport()) {
            SendResult result = send(transport, operation(url, "payload"));

            assertThat(result.scope()).isEqualTo(Scope.TARGET);
            assertThat(result.retryAfter()).contains(Duration.ofMillis(700));
        }
    }

    @Test
    void aMessageOverTheLimitFailsForGoodAndTheNextOneGoesThrough() {
        try (ISyncTransport transport = transport()) {
            assertThat(send(transport, operation(url, "x".repeat(1 << 20))).code())
                    .isEqualTo("ws.too-large");
            WsFixture.deliver(transport, operation(url, "small"));
        }
    }

    @Test
    void thousandsOfOperationsArriveThroughOneConnection() {
        try (ISyncTransport transport = transport("window.waiting", "5000")) {
            var results = java.util.stream.IntStream.range(0, 5000)
                    .mapToObj(i -> start(transport, operation(url, "n" + i)))
                    .toList();

            assertThat(results).map(WsFixture::await).allMatch(SendResult::ok);
        }
        assertThat(inbox.accepted).hasSize(5000);
    }

    @Test
    void aPortInUseIsRefusedWithItsName() {
        assertThatThrownBy(() -> WsReceiver.listen(inbox, WsReceiver.Config.onPort(receiver.port())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(":" + receiver.port())
                .hasMessageContaining("in use");
    }

    @Test
    void aTransportThatIsToldToListenReceivesUntilItIsClosed() throws Exception {
        receiver.close();
        Map<String, String> settings = Map.of("listen", "127.0.0.1:" + receiver.port());
        try (ISyncTransport both = new WsTransportProvider().create(WsFixture.context(settings, inbox))) {
            assertThat(send(both, operation(url, "to itself")).ok()).isTrue();
        }

        try (ISyncTransport transport = transport()) {
            assertThat(send(transport, operation(url, "nobody listens")).code()).isEqualTo("io.connect");
        }
    }

    @Test
    void encryptedOperationsArriveToo() throws Exception {
        HeldCertificate certificate = new HeldCertificate.Builder()
                .addSubjectAlternativeName("localhost")
                .build();
        HandshakeCertificates tls =
                new HandshakeCertificates.Builder().heldCertificate(certificate).build();
        Path authority = Files.writeString(directory.resolve("authority.pem"), certificate.certificatePem());
        WsReceiver.Config config =
                WsReceiver.Config.builder().tls(tls.sslContext()).build();
        try (WsReceiver encrypted = WsReceiver.listen(inbox, config);
                ISyncTransport transport = transport("trust-store.path", authority.toString())) {
            assertThat(send(transport, operation("wss://localhost:" + encrypted.port() + "/", "x".repeat(100_000)))
                            .ok())
                    .isTrue();
        }
    }

    @Test
    void aClosedReceiverIsGoneAndItsPortIsFree() throws IOException {
        receiver.close();

        WsReceiver.listen(inbox, WsReceiver.Config.onPort(receiver.port())).close();
    }

    @Test
    void theLinkCutAfterAnyByteOfTheAnswersAppliesTheOperationOnce() throws IOException {
        try (FaultProxy proxy = new FaultProxy(receiver.port());
                ISyncTransport transport = transport()) {
            cutAfterEachByte(transport, proxy, false);
        }
    }

    @Test
    void theLinkCutAfterAnyByteOfTheOperationAppliesItOnce() throws IOException {
        try (FaultProxy proxy = new FaultProxy(receiver.port());
                ISyncTransport transport = transport()) {
            cutAfterEachByte(transport, proxy, true);
        }
    }

    private void cutAfterEachByte(ISyncTransport transport, FaultProxy proxy, boolean requests) {
        WsFixture.deliver(transport, operation(proxy.url(), "payload"));
        long bytes = requests ? proxy.requestsPassed() : proxy.repliesPassed();
        for (long n = 0; n <= bytes; n++) {
            proxy.cutNow();
            if (requests) {
                proxy.cutRequestsAfter(n);
            } else {
                proxy.cutRepliesAfter(n);
            }
            WsFixture.deliver(transport, operation(proxy.url(), "payload"));
            assertThat(inbox.accepted).as("after a cut at byte " + n).hasSize((int) n + 2);
        }
    }
}
