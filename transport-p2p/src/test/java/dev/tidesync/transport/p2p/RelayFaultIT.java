package dev.tidesync.transport.p2p;

import static dev.tidesync.transport.p2p.TestNode.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.FaultProxy.Fault;
import dev.tidesync.transport.p2p.FaultProxy.Way;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.io.IOException;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Anna, Carol, who passes on, and Ben, with links that break; Ben's inbox and Carol's outbox are the judges. */
@Timeout(120)
class RelayFaultIT {
    @TempDir
    private Path directory = Path.of("");

    private TestNode anna = new TestNode(Path.of("never"), "listen", "off");
    private TestNode ben = anna;
    private TestNode carol = anna;
    private FaultProxy toBen;
    private FaultProxy toCarol;
    private FaultProxy fromCarol;

    RelayFaultIT() throws IOException {
        toBen = new FaultProxy(1);
        toCarol = toBen;
        fromCarol = toBen;
    }

    @BeforeEach
    void introduceThroughProxies() throws IOException {
        toBen.close();
        anna.close();
        anna = node("anna");
        ben = node("ben");
        carol = node("carol");
        toBen = new FaultProxy(ben.port());
        toCarol = new FaultProxy(carol.port());
        fromCarol = new FaultProxy(ben.port());
        anna.knows("carol", carol, at(toCarol)).allows("ben", ben).reaches("ben", carol);
        carol.allows("anna", anna).relaysFor("anna").knows("ben", ben, at(fromCarol));
        ben.allows("carol", carol).allows("anna", anna);
    }

    private TestNode node(String name) {
        return new TestNode(directory.resolve(name), "ack-timeout", "150ms", "handshake-timeout", "300ms");
    }

    private static PeerAddress at(FaultProxy proxy) {
        return new PeerAddress("127.0.0.1", proxy.port());
    }

    @AfterEach
    void close() throws IOException {
        List.of(anna, ben, carol).forEach(TestNode::close);
        for (FaultProxy proxy : List.of(toBen, toCarol, fromCarol)) {
            proxy.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCutAnywhereInTheHandInKeepsTheOperationOnce(Way way) {
        int step = Integer.getInteger("p2p.cut-step", 23) * 8;
        toCarol.plan(Fault.CUT, way, Long.MAX_VALUE);
        anna.deliver(message("ben", "payload"));
        long bytes = toCarol.passed(way);
        long seed = Long.getLong("tidesync.seed", System.nanoTime());
        int kept = 1;
        for (long n = Math.floorMod(seed, step); n <= bytes; n += step) {
            toCarol.cutNow();
            await().pollInterval(Duration.ofMillis(1)).until(() -> anna.openLinks() == 0);
            toCarol.plan(Fault.CUT, way, n);

            anna.deliver(message("ben", "payload"));

            assertThat(carol.outbox.unfinished())
                    .as("cut at byte " + n + ", -Dtidesync.seed=" + seed)
                    .hasSize(++kept);
        }
    }

    @Test
    void everythingArrivesOnceThoughAllLinksFlapAndItComesBothWays() {
        anna.knows("ben", ben, at(toBen));
        List<Operation> operations = IntStream.range(0, Integer.getInteger("relay.messages", 50))
                .mapToObj(i -> message("ben", "n" + i))
                .toList();
        AtomicInteger doneBefore = new AtomicInteger();
        ScheduledExecutorService flapping = Executors.newSingleThreadScheduledExecutor();
        try {
            Future<?> cutting = flapping.scheduleWithFixedDelay(
                    () -> {
                        int done = ben.inbox.effects.size() + carol.outbox.size();
                        if (doneBefore.getAndSet(done) != done) { // a slow machine gets on too
                            List.of(toBen, toCarol, fromCarol).forEach(FaultProxy::cutNow);
                        }
                    },
                    20,
                    20,
                    TimeUnit.MILLISECONDS);
            List<Operation> left = operations;
            while (!left.isEmpty()) {
                left = leftAfter(left);
                carol.passOn();
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> carol.outbox.unfinished().isEmpty()
                            || carol.passOn().stream().allMatch(SendResult::ok));
            assertThat(cutting).isNotDone();
        } finally {
            flapping.shutdownNow();
        }

        assertThat(ben.inbox.effects).containsExactlyInAnyOrderElementsOf(operations);
        assertThat(ben.inbox.origins).containsOnly(anna.id().text());
    }

    private List<Operation> leftAfter(List<Operation> tried) {
        List<CompletableFuture<SendResult>> results =
                tried.stream().map(anna::start).toList();
        return IntStream.range(0, tried.size())
                .filter(i -> !TestNode.await(results.get(i)).ok())
                .mapToObj(tried::get)
                .toList();
    }
}
