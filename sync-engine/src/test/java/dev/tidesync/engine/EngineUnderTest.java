package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** An engine over a store in memory, with a clock and a network that the test sets, and no jitter. */
final class EngineUnderTest implements AutoCloseable {
    static final long T0 = 1_800_000_000_000L;

    final MemoryOutboxStore store;
    final Outbox outbox;
    final SyncEngine engine;
    final AtomicLong nowMs = new AtomicLong(T0);
    final AtomicBoolean online = new AtomicBoolean(true);
    private final long startNanos = System.nanoTime();
    private volatile boolean clockRuns;

    EngineUnderTest(ISyncTransport transport) {
        this(transport, config -> config);
    }

    EngineUnderTest(ISyncTransport transport, UnaryOperator<SyncEngine.Config.Builder> configure) {
        this(Map.of("test.", transport), configure);
    }

    EngineUnderTest(Map<String, ISyncTransport> transports, UnaryOperator<SyncEngine.Config.Builder> configure) {
        this(new MemoryOutboxStore(), transports, configure);
    }

    EngineUnderTest(
            MemoryOutboxStore store,
            Map<String, ISyncTransport> transports,
            UnaryOperator<SyncEngine.Config.Builder> configure) {
        this.store = store;
        Outbox.Config outboxConfig = Outbox.Config.builder()
                .owner("test")
                .retry(RetryPolicy.builder().jitterRatio(0).build())
                .clock(() -> Instant.ofEpochMilli(nowMs.get() + elapsedMs()))
                .build();
        this.outbox = new Outbox(store, outboxConfig);
        NetworkProbe.Config uncached = NetworkProbe.Config.builder()
                .minInterval(Duration.ZERO)
                .onlineTtl(Duration.ZERO)
                .offlineTtl(Duration.ZERO)
                .build();
        this.engine = new SyncEngine(
                outbox,
                new NetworkProbe(uncached, online::get),
                TransportRegistry.of(transports),
                configure.apply(SyncEngine.Config.builder()).build());
    }

    /** Lets the clock run, from the time that is set. */
    EngineUnderTest withRunningClock() {
        clockRuns = true;
        return this;
    }

    private long elapsedMs() {
        return clockRuns ? (System.nanoTime() - startNanos) / 1_000_000 : 0;
    }

    /** Enqueues an operation of kind {@code test.send}. */
    String enqueue(String target, String payload) {
        return outbox.enqueue(Operation.of("test.send", target, payload));
    }

    /** Enqueues an operation in a lane. */
    String enqueueInLane(String lane, String payload) {
        Operation operation = Operation.builder()
                .kind("test.send")
                .target("/a")
                .payload(payload)
                .orderingKey(lane)
                .build();
        return outbox.enqueue(operation);
    }

    int tick() {
        return engine.tick(nowMs.get());
    }

    int tickAfter(long ms) {
        return engine.tick(nowMs.addAndGet(ms));
    }

    Operation get(String id) {
        return store.get(id).orElseThrow();
    }

    OperationStatus status(String id) {
        return get(id).status();
    }

    long count(OperationStatus status) {
        return store.counts().getOrDefault(status, 0L);
    }

    @Override
    public void close() {
        engine.close();
    }
}
