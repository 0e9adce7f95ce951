package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fifty destinations, of which one hangs, one is dead and one throttles: the forty-seven others feel nothing. Prints
 * how long these take with the sick neighbours and without, measured in turns.
 */
@Timeout(120)
final class FiftyDestinationsIT {
    private static final int HEALTHY = 47;
    private static final int OPERATIONS_EACH = 80;
    private static final int ROUNDS = 4;
    private static final String SLOW = "https://slow.example/";
    private static final String DEAD = "https://dead.example/";
    private static final String THROTTLING = "https://throttling.example/";

    private static final Logger log = LoggerFactory.getLogger(FiftyDestinationsIT.class);

    @TempDir
    private Path directory;

    private final ExecutorService network = Executors.newSingleThreadExecutor();
    private final AtomicInteger throttlingInFlight = new AtomicInteger();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        network.shutdownNow();
    }

    @Test
    void fortySevenFeelNothingOfOneThatHangsOneThatIsDeadAndOneThatThrottles() {
        long[] alone = new long[ROUNDS];
        long[] amongSick = new long[ROUNDS];
        run("warm-up", false);
        for (int round = 0; round < ROUNDS; round++) {
            alone[round] = run("alone-" + round, false);
            amongSick[round] = run("among-sick-" + round, true);
        }

        double ratio = (double) best(alone) / best(amongSick);
        log.info(
                "47 healthy destinations, {} operations, best of {} rounds: {} ms alone, {} ms beside one that hangs,"
                        + " one that is dead and one that throttles; throughput ratio {}",
                HEALTHY * OPERATIONS_EACH,
                ROUNDS,
                best(alone) / 1_000_000,
                best(amongSick) / 1_000_000,
                Math.round(ratio * 100) / 100.0);
        assertThat(ratio).as("throughput beside sick neighbours").isGreaterThan(0.6);
    }

    /** How long the healthy ones take, in nanoseconds. */
    private long run(String name, boolean withSick) {
        FileOutboxStore store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve(name).resolve("outbox.json"))
                .build());
        try (store;
                SyncEngine engine = engine(store)) {
            if (withSick) {
                enqueueSick(engine);
            }
            enqueueHealthy(engine);
            long healthy = (long) HEALTHY * OPERATIONS_EACH;
            long begun = System.nanoTime();
            engine.start();
            await().pollInterval(Duration.ofMillis(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> healthyDelivered(healthy));
            long took = System.nanoTime() - begun;
            if (withSick) {
                assertSickCostOnlyThemselves(engine, store);
            }
            calls.clear();
            return took;
        }
    }

    private int calls(String target) {
        return counter(target).get();
    }

    private AtomicInteger counter(String target) {
        return calls.computeIfAbsent(target, unseen -> new AtomicInteger());
    }

    private boolean healthyDelivered(long healthy) {
        return calls.entrySet().stream()
                        .filter(destination -> destination.getKey().contains("healthy"))
                        .mapToLong(destination -> destination.getValue().get())
                        .sum()
                == healthy;
    }

    private void assertSickCostOnlyThemselves(SyncEngine engine, FileOutboxStore store) {
        assertThat(calls(SLOW)).as("its own window, and no more").isLessThanOrEqualTo(16);
        await().untilAsserted(() -> assertThat(engine.status().orElseThrow().destinations())
                .filteredOn(destination -> destination.name().contains("dead"))
                .extracting(destination -> destination.breaker())
                .containsAnyOf(Breaker.OPEN, Breaker.HALF_OPEN));
        assertThat(calls(DEAD)).as("a storm of calls to a dead destination").isLessThan(20);
        assertThat(store.counts().get(OperationStatus.PERMANENT_FAILED))
                .as("nothing is buried")
                .isZero();
    }

    private SyncEngine engine(FileOutboxStore store) {
        return new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport()),
                SyncEngine.Config.builder().stopTimeout(Duration.ZERO).build());
    }

    private ISyncTransport transport() {
        return new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                throw new AssertionError("the engine is expected to send asynchronously");
            }

            @Override
            public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                calls.computeIfAbsent(operation.target(), unseen -> new AtomicInteger())
                        .incrementAndGet();
                return answer(operation.target());
            }
        };
    }

    private CompletionStage<SendResult> answer(String target) {
        return switch (target) {
            case SLOW -> new CompletableFuture<>(); // until the engine gives up on it
            case DEAD ->
                after(1, () -> SendResult.retryable("connection refused").withScope(Scope.TARGET));
            case THROTTLING -> throttled();
            default -> after(1, SendResult::delivered);
        };
    }

    /** It takes two at a time. */
    private CompletionStage<SendResult> throttled() {
        boolean tooMany = throttlingInFlight.incrementAndGet() > 2;
        return after(5, () -> {
            throttlingInFlight.decrementAndGet();
            return tooMany
                    ? SendResult.retryable("slow down").withScope(Scope.TARGET).withCode("test.429")
                    : SendResult.delivered();
        });
    }

    private CompletionStage<SendResult> after(long ms, Supplier<SendResult> answer) {
        return CompletableFuture.supplyAsync(
                answer, CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS, network));
    }

    private static void enqueueSick(SyncEngine engine) {
        Stream.of(SLOW, DEAD, THROTTLING).forEach(target -> enqueue(engine, target));
    }

    private static void enqueueHealthy(SyncEngine engine) {
        for (int destination = 0; destination < HEALTHY; destination++) {
            enqueue(engine, "https://healthy-" + destination + ".example/");
        }
    }

    private static void enqueue(SyncEngine engine, String target) {
        engine.outbox()
                .enqueueAll(
                        Collections.nCopies(OPERATIONS_EACH, Operation.of("test.send", target, "x")),
                        engine.outbox().config().clock().millis());
    }

    /** The machine's other work only ever makes a round longer. */
    private static long best(long[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }
}
