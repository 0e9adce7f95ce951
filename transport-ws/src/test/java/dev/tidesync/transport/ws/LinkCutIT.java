package dev.tidesync.transport.ws;

import static dev.tidesync.transport.ws.WsFixture.deliver;
import static dev.tidesync.transport.ws.WsFixture.operation;
import static dev.tidesync.transport.ws.WsFixture.send;
import static dev.tidesync.transport.ws.WsFixture.start;
import static dev.tidesync.transport.ws.WsFixture.transport;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links that break; the receiver, which keeps idempotency keys, is the judge. */
class LinkCutIT {
    private final ReceiverServer server = ReceiverServer.started();
    private final FaultProxy proxy;

    LinkCutIT() throws Exception {
        proxy = new FaultProxy(server.getPort());
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        server.close();
    }

    @Test
    void aCutAfterAnyByteOfTheRepliesAppliesTheOperationOnce() {
        cutAfterEachByte(proxy::cutRepliesAfter, proxy::repliesPassed);
    }

    @Test
    void aCutAfterAnyByteOfTheRequestsAppliesTheOperationOnce() {
        cutAfterEachByte(proxy::cutRequestsAfter, proxy::requestsPassed);
    }

    /** Each delivery goes over a new connection, handshake included, which breaks after n bytes of one direction. */
    private void cutAfterEachByte(LongConsumer cutAfter, LongSupplier passed) {
        try (ISyncTransport transport = transport()) {
            deliver(transport, operation(proxy.url(), "payload"));
            long bytesOfOneExchange = passed.getAsLong();
            for (long n = 0; n <= bytesOfOneExchange; n++) {
                proxy.cutNow();
                cutAfter.accept(n);
                deliver(transport, operation(proxy.url(), "payload"));
                assertThat(server.effects).as("after a cut at byte " + n).hasSize((int) n + 2);
            }
        }
    }

    @Test
    void everythingUnacknowledgedIsSentAgainUnderTheSameKeysAfterACut() {
        try (ISyncTransport transport = transport()) {
            deliver(transport, operation(proxy.url(), "the link is up"));
            server.hold();
            List<Operation> operations = IntStream.range(0, 20)
                    .mapToObj(i -> operation(proxy.url(), "n" + i))
                    .toList();
            List<CompletableFuture<SendResult>> results =
                    operations.stream().map(each -> start(transport, each)).toList();
            Awaitility.await().until(() -> server.messages.size() == 21);

            proxy.cutNow();
            server.release();

            assertThat(results).map(WsFixture::await).allMatch(result -> result.retryable() && result.ambiguous());
            operations.forEach(each -> deliver(transport, each));
            assertThat(server.effects).hasSize(21);
        }
    }

    @Test
    void anIdleLinkThatWasCutIsReplacedForTheNextOperation() {
        try (ISyncTransport transport = transport()) {
            deliver(transport, operation(proxy.url(), "one"));
            proxy.cutNow();

            deliver(transport, operation(proxy.url(), "two"));

            assertThat(server.effects).hasSize(2);
        }
    }

    @Test
    void aDestinationThatIsDownIsAskedAgainOnlyAfterTheBackoff() throws Exception {
        proxy.close();
        try (ISyncTransport transport = transport("reconnect.min", "1m", "reconnect.max", "1m")) {
            SendResult first = send(transport, operation(proxy.url(), "one"));
            SendResult second = send(transport, operation(proxy.url(), "two"));

            assertThat(first.code()).isEqualTo("io.connect");
            assertThat(first.ambiguous()).isFalse();
            assertThat(second.code()).isEqualTo("io.connect");
            assertThat(second.retryAfter()).isPresent();
        }
    }
}
