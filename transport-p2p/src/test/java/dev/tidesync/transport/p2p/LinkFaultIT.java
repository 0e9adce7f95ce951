package dev.tidesync.transport.p2p;

import static dev.tidesync.transport.p2p.TestNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.FaultProxy.Fault;
import dev.tidesync.transport.p2p.FaultProxy.Way;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links that break; the receiver, which keeps idempotency keys, is the judge. */
class LinkFaultIT {
    /** An acknowledgement takes 41 bytes with TLS around it, an operation more. */
    private static final int LAST_FRAME_BYTES = 60;

    @TempDir
    private Path directory = Path.of("");

    private TestNode anna = new TestNode(Path.of("never"), "listen", "off");
    private TestNode ben = anna;
    private FaultProxy proxy;

    LinkFaultIT() throws Exception {
        proxy = new FaultProxy(1);
    }

    @BeforeEach
    void introduceThroughTheProxy() throws Exception {
        proxy.close();
        anna.close();
        anna = new TestNode(directory.resolve("anna"), "ack-timeout", "150ms", "handshake-timeout", "300ms");
        ben = new TestNode(directory.resolve("ben"), "handshake-timeout", "300ms");
        proxy = new FaultProxy(ben.port());
        anna.knows("ben", ben, new PeerAddress("127.0.0.1", proxy.port()));
        ben.allows("anna", anna);
    }

    @AfterEach
    void close() throws Exception {
        anna.close();
        ben.close();
        proxy.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCutAfterAnyByteAppliesTheOperationOnce(Way way) {
        faultAlongTheExchange(Fault.CUT, way, Integer.getInteger("p2p.cut-step", 23));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aFlippedBitAnywhereAppliesTheOperationOnce(Way way) {
        faultAlongTheExchange(Fault.FLIP, way, Integer.getInteger("p2p.flip-step", 61));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void silenceAfterAnyByteAppliesTheOperationOnce(Way way) {
        faultAlongTheExchange(Fault.SWALLOW, way, Integer.getInteger("p2p.swallow-step", 211));
    }

    /**
     * Each delivery goes over a new connection, handshake included, which breaks after n bytes of one direction. Of the
     * handshake every so many bytes are tried, from a random one on; of the operation or its acknowledgement, all that
     * a cut can tell apart.
     */
    private void faultAlongTheExchange(Fault fault, Way way, int step) {
        proxy.plan(fault, way, Long.MAX_VALUE);
        anna.deliver(message("ben", "payload"));
        long bytesOfOneExchange = proxy.passed(way);
        assertThat(bytesOfOneExchange).isGreaterThan(500);
        long seed = Long.getLong("tidesync.seed", System.nanoTime());
        long lastFrame = fault == Fault.CUT ? bytesOfOneExchange - LAST_FRAME_BYTES : bytesOfOneExchange;
        int delivered = 1;
        for (long n = Math.floorMod(seed, step); n <= bytesOfOneExchange; n += n < lastFrame ? step : 1) {
            proxy.cutNow();
            await().pollInterval(Duration.ofMillis(1)).until(() -> anna.openLinks() == 0);
            proxy.plan(fault, way, n);
            anna.deliver(message("ben", "payload"));
            assertThat(ben.inbox.effects)
                    .as(fault + " at byte " + n + ", -Dtidesync.seed=" + seed)
                    .hasSize(++delivered);
        }
    }

    @Test
    void everythingUnacknowledgedIsSentAgainUnderTheSameKeysAfterACut() {
        anna.deliver(message("ben", "the link is up"));
        ben.inbox.hold();
        List<Operation> operations =
                IntStream.range(0, 20).mapToObj(i -> message("ben", "n" + i)).toList();
        List<CompletableFuture<SendResult>> results =
                operations.stream().map(anna::start).toList();
        await().until(() -> ben.inbox.asked.get() == 21);

        proxy.cutNow();
        ben.inbox.release();

        assertThat(results).map(TestNode::await).allMatch(result -> result.retryable() && result.ambiguous());
        operations.forEach(anna::deliver);
        assertThat(ben.inbox.effects).hasSize(21);
    }

    @Test
    void aLinkThatFlapsDeliversEverythingOnceInBothDirections() throws Exception {
        List<Operation> operations = IntStream.range(0, 1_000)
                .mapToObj(i -> message(i % 2 == 0 ? "ben" : "anna", "n" + i))
                .toList();
        AtomicInteger cuts = new AtomicInteger();
        AtomicInteger appliedBefore = new AtomicInteger();
        ScheduledExecutorService flapping = Executors.newSingleThreadScheduledExecutor();
        try (FaultProxy back = new FaultProxy(anna.port())) {
            ben.knows("anna", anna, new PeerAddress("127.0.0.1", back.port()));
            Future<?> cutting = flapping.scheduleWithFixedDelay(
                    () -> {
                        int applied = anna.inbox.effects.size() + ben.inbox.effects.size();
                        if (appliedBefore.getAndSet(applied) != applied) { // a slow machine gets on too
                            proxy.cutNow();
                            back.cutNow();
                            cuts.incrementAndGet();
                        }
                    },
                    20,
                    20,
                    TimeUnit.MILLISECONDS);
            List<Operation> left = operations;
            while (!left.isEmpty()) {
                List<CompletableFuture<SendResult>> results =
                        left.stream().map(this::startFromItsSender).toList();
                List<Operation> tried = left;
                left = IntStream.range(0, tried.size())
                        .filter(i -> !TestNode.await(results.get(i)).ok())
                        .mapToObj(tried::get)
                        .toList();
            }
            assertThat(cutting).isNotDone();
        } finally {
            flapping.shutdownNow();
        }

        assertThat(cuts).hasValueGreaterThan(3);
        assertThat(ben.inbox.effects).hasSize(500);
        assertThat(anna.inbox.effects).hasSize(500);
    }

    private CompletableFuture<SendResult> startFromItsSender(Operation operation) {
        return (operation.target().equals("ben") ? anna : ben).start(operation);
    }

    @Test
    void anIdleLinkThatWasCutIsReplacedForTheNextOperation() {
        anna.deliver(message("ben", "one"));
        proxy.cutNow();

        anna.deliver(message("ben", "two"));

        assertThat(ben.inbox.effects).hasSize(2);
    }

    @Test
    void aPeerThatIsDownIsAskedAgainOnlyAfterTheBackoff() throws Exception {
        proxy.close();
        try (TestNode patient =
                new TestNode(directory.resolve("patient"), "reconnect.min", "1m", "reconnect.max", "1m")) {
            patient.knows("ben", ben, new PeerAddress("127.0.0.1", proxy.port()));

            SendResult first = patient.send("ben", "one");
            SendResult second = patient.send("ben", "two");

            assertThat(first.code()).isEqualTo("io.connect");
            assertThat(first.ambiguous()).isFalse();
            assertThat(second.code()).isEqualTo("io.connect");
            assertThat(second.retryAfter()).isPresent();
        }
    }

    @Test
    void aPeerThatFallsSilentIsGivenUp() {
        try (TestNode strict = new TestNode(
                directory.resolve("strict"), "heartbeat", "100ms", "silence", "300ms", "ack-timeout", "20s")) {
            strict.knows("ben", ben, new PeerAddress("127.0.0.1", proxy.port()));
            ben.allows("strict", strict);
            strict.deliver(message("ben", "one"));
            assertThat(strict.openLinks()).isEqualTo(1);

            proxy.plan(Fault.SWALLOW, Way.DOWN, 0);

            await().until(() -> strict.openLinks() == 0);
        }
    }
}
