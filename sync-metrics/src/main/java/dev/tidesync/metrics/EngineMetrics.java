package dev.tidesync.metrics;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.insight.DeliveryListener;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.Settlement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The meters of one engine. Tags have few values: a status, a verdict, the first segment of a kind; destinations are
 * counted and not named, since there may be any number.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code tidesync.operations}</td><td>operations by {@code status}</td></tr>
 * <tr><td>{@code tidesync.oldest.age}</td><td>seconds since the oldest operation that waits was made</td></tr>
 * <tr><td>{@code tidesync.attempts}</td><td>ended attempts by {@code kind} and {@code verdict}</td></tr>
 * <tr><td>{@code tidesync.delivery.latency}</td><td>from making an operation to its delivery, by {@code kind}</td></tr>
 * <tr><td>{@code tidesync.in.flight}</td><td>sends under way</td></tr>
 * <tr><td>{@code tidesync.destinations}</td><td>destinations that are known, by {@code breaker}</td></tr>
 * <tr><td>{@code tidesync.running}, {@code tidesync.online}</td><td>1 or 0</td></tr>
 * <tr><td>{@code tidesync.events.lost}</td><td>outcomes that attempts and latencies miss</td></tr>
 * </table>
 *
 * <p>Attempts and latencies are counted from when this is bound, by {@link DeliveryListener}: what that says of lost
 * events holds for them. The others are read when the registry asks, from the store's counts and the engine's next
 * step; if the engine does not answer, they are not a number. Safe for use by many threads.
 */
public final class EngineMetrics implements MeterBinder, AutoCloseable {
    private final SyncEngine engine;
    private final InstantSource clock;
    private SyncEngine.Subscription subscription = () -> {};

    /** The meters of an engine; {@link #bindTo} registers them. */
    public EngineMetrics(SyncEngine engine) {
        this.engine = engine;
        this.clock = engine.outbox().config().clock();
    }

    /** Registers the meters; to be called once. */
    @Override
    public void bindTo(MeterRegistry registry) {
        for (OperationStatus status : OperationStatus.values()) {
            Gauge.builder(
                            "tidesync.operations",
                            store(),
                            store -> store.counts().getOrDefault(status, 0L))
                    .description("Operations by status")
                    .tags("status", word(status))
                    .register(registry);
        }
        Gauge.builder("tidesync.oldest.age", this, EngineMetrics::oldestAgeSeconds)
                .description("Age of the oldest operation that waits")
                .baseUnit("seconds")
                .register(registry);
        ofEngine(registry, "tidesync.in.flight", Tags.empty(), EngineStatus::inFlight);
        ofEngine(registry, "tidesync.running", Tags.empty(), status -> status.running() ? 1 : 0);
        ofEngine(registry, "tidesync.online", Tags.empty(), status -> status.online() ? 1 : 0);
        for (Breaker breaker : Breaker.values()) {
            ofEngine(
                    registry,
                    "tidesync.destinations",
                    Tags.of("breaker", word(breaker)),
                    status -> count(status, breaker));
        }
        FunctionCounter.builder("tidesync.events.lost", engine, SyncEngine::lostEvents)
                .description("Outcomes that were not counted since they came too fast")
                .register(registry);
        subscription = engine.subscribe(new OutcomeMeters(registry));
    }

    private void ofEngine(MeterRegistry registry, String name, Tags tags, ToDoubleFunction<EngineStatus> value) {
        Gauge.builder(
                        name,
                        engine,
                        asked -> asked.status().map(value::applyAsDouble).orElse(Double.NaN))
                .tags(tags)
                .register(registry);
    }

    private static long count(EngineStatus status, Breaker breaker) {
        return status.destinations().stream()
                .map(DestinationStatus::breaker)
                .filter(breaker::equals)
                .count();
    }

    private double oldestAgeSeconds() {
        return Stream.of(OperationStatus.PENDING, OperationStatus.FAILED)
                .flatMap(status -> store().page(status, "", 1).stream())
                .mapToLong(Operation::createdAtMs)
                .min()
                .stream()
                .mapToDouble(createdAtMs -> Math.max(0, clock.millis() - createdAtMs) / 1_000.0)
                .findFirst()
                .orElse(0);
    }

    private OutboxStore store() {
        return engine.outbox().store();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Counts no more attempts. The meters stay registered. */
    @Override
    public void close() {
        subscription.close();
    }

    private record OutcomeMeters(MeterRegistry registry) implements DeliveryListener {
        @Override
        public void settled(Settlement settlement) {
            Operation operation = settlement.claim().operation();
            String kind = firstSegment(operation.kind());
            Counter.builder("tidesync.attempts")
                    .description("Ended attempts")
                    .tags("kind", kind, "verdict", word(settlement.verdict()))
                    .register(registry)
                    .increment();
            if (settlement.verdict() == Settlement.Verdict.DELIVERED) {
                Timer.builder("tidesync.delivery.latency")
                        .description("From making an operation to its delivery")
                        .tags("kind", kind)
                        .publishPercentileHistogram()
                        .maximumExpectedValue(Duration.ofHours(1))
                        .register(registry)
                        .record(Math.max(0, settlement.nowMs() - operation.createdAtMs()), TimeUnit.MILLISECONDS);
            }
        }

        private static String firstSegment(String kind) {
            int dot = kind.indexOf('.');
            return dot < 0 ? kind : kind.substring(0, dot);
        }
    }
}
