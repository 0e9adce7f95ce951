package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.DeliveryListener;
import dev.tidesync.engine.insight.EngineInsight;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.engine.insight.WaitReason.Cause;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is in an outbox through the transports that serve it, either in the background ({@link #start}) or when
 * told to ({@link #tick}).
 *
 * <p>An operation is sent only after it is durable, and at least once: its idempotency key lets the receiver apply it
 * exactly once. While the network probe says offline, nothing is attempted and nothing charged.
 *
 * <p>A slow or dead destination costs its own window and nothing else. How wide that is depends on the transport: one
 * whose sends block a thread ({@link dev.tidesync.spi.SendContext#executor()}) has {@code workerCount} of them at a
 * time to each destination, an asynchronous one {@code inFlightWindow}. The engine learns which it is from the first
 * send.
 *
 * <p><b>Threads:</b> safe for use by many threads, and from inside a transport's send, with one exception: a send must
 * not tick the engine that waits for it. Background delivery has one thread, {@code tidesync-engine}, and further ones
 * for all that plugins do: no code of theirs runs on the engine's own.
 */
public final class SyncEngine implements EngineInsight, AutoCloseable {
    /** A loop that is told to stop should need this much longer than the time it waits for its sends. */
    private static final Duration WIND_DOWN_MARGIN = Duration.ofSeconds(5);

    /** A step takes longer only if the disk does. */
    private static final Duration INSIGHT_PATIENCE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(SyncEngine.class);

    private final Outbox outbox;
    private final TransportRegistry transports;
    private final Config config;
    private final EngineSignal signal = new EngineSignal();
    private final SyncWorker worker;
    private final Optional<Inbox> inbox;
    private final Iterable<AutoCloseable> opened;

    /** Held by whoever drives the worker: a loop, or a tick. */
    private final ReentrantLock driving = new ReentrantLock();

    // guarded by this
    private @Nullable EngineLoop loop;
    private boolean closed;

    /** An engine over parts that stay the caller's to close. */
    public SyncEngine(Outbox outbox, NetworkProbe probe, TransportRegistry transports, Config config) {
        this(outbox, probe, transports, config, Optional.empty(), List.of());
    }

    /** An engine that closes what was opened for it, in the order that it finds when it is closed. */
    SyncEngine(
            Outbox outbox,
            NetworkProbe probe,
            TransportRegistry transports,
            Config config,
            Optional<Inbox> inbox,
            Iterable<AutoCloseable> opened) {
        this.outbox = Objects.requireNonNull(outbox, "outbox");
        this.transports = Objects.requireNonNull(transports, "transports");
        this.config = Objects.requireNonNull(config, "config");
        this.worker = new SyncWorker(outbox, probe, transports, config, signal::raise);
        this.inbox = inbox;
        this.opened = opened;
    }

    /** {@link #open(Path, SyncConfiguration)} with every default. */
    public static SyncEngine open(Path dataDirectory) {
        return open(dataDirectory, SyncConfiguration.defaults());
    }

    /**
     * An engine over a {@link dev.tidesync.engine.store.FileOutboxStore} in the data directory and every plugin that is
     * found; {@link #close} closes them too. It delivers nothing before it is started.
     *
     * @throws ConfigurationException if settings are wrong; names everything that is
     * @throws OutboxStoreException if the store cannot be opened; says why, and who holds it if it is held
     * @throws IllegalStateException if two plugins have one id or an equal claim to a prefix
     */
    public static SyncEngine open(Path dataDirectory, SyncConfiguration configuration) {
        return new EngineAssembly(dataDirectory, configuration).assemble();
    }

    /** {@link #tick(long)} at the clock's time. */
    public int tick() {
        return tick(nowMs());
    }

    /**
     * Runs one round on the caller's thread: requeues what timed out, claims what is ready, up to the batch limit,
     * sends it, waits for the sends and records their outcomes. An operation is attempted once a round, a lane is
     * followed to its end. After the send timeout the round begins no more sends, and ends with those under way. If the
     * caller's thread is interrupted, it ends without waiting; the next round records what it left.
     *
     * @return how many operations were attempted
     * @throws IllegalStateException if the engine runs in the background or is closed, or from inside a send
     * @throws OutboxStoreException if the store fails; the next round goes on where this one ended
     */
    public int tick(long nowMs) {
        if (PluginCall.isUnderWay()) {
            throw new IllegalStateException("a send must not tick the engine, which would wait for that send");
        }
        requireIdle();
        driving.lock();
        try {
            return round(nowMs);
        } finally {
            driving.unlock();
        }
    }

    private synchronized void requireIdle() {
        requireOpen();
        if (running()) {
            throw new IllegalStateException("the engine runs in the background; stop it before a tick");
        }
    }

    private int round(long nowMs) {
        long lastSendNanos = System.nanoTime() + config.sendTimeout().toNanos();
        int attempted = 0;
        SyncWorker.Step step;
        do {
            boolean inTime = System.nanoTime() < lastSendNanos;
            step = worker.step(nowMs, inTime ? config.batchLimit() - attempted : 0);
            attempted += step.sent();
        } while (step.claimed() > 0 || (worker.running() > 0 && awaitSends()));
        return attempted;
    }

    /** False if the thread was interrupted. */
    private boolean awaitSends() {
        try {
            signal.await(worker.nanosToNextDeadline());
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Starts to deliver in the background; does nothing if it already does. The threads are daemons: they do not keep
     * the JVM alive, and what is not delivered when it ends is delivered after the next start.
     *
     * @throws IllegalStateException if the engine is closed
     */
    public synchronized void start() {
        requireOpen();
        if (running()) {
            return;
        }
        outbox.store().onReady(signal::raise);
        loop = new EngineLoop(worker, config, outbox.config().clock(), signal, driving);
        loop.start();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    /**
     * Stops to deliver in the background: claims nothing more, waits for the sends under way up to the stop timeout,
     * cancels the others and gives their operations back uncharged. Does nothing if the engine is not started. From
     * inside a send it returns at once, since that send is one of those to wait for.
     */
    public void stop() {
        EngineLoop stopped = requestStop();
        if (stopped != null && !stopped.isCurrentThread() && !PluginCall.isUnderWay()) {
            await(stopped);
        }
    }

    private synchronized @Nullable EngineLoop requestStop() {
        if (loop != null) {
            loop.requestStop();
        }
        return loop;
    }

    private void await(EngineLoop stopped) {
        Duration bound = config.stopTimeout().plus(WIND_DOWN_MARGIN);
        try {
            stopped.ended().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException failure) {
            log.error("the engine did not stop within {}; a transport or the store does not return", bound, failure);
        }
    }

    /** Whether the engine delivers in the background. */
    public synchronized boolean running() {
        return loop != null && !loop.isStopping();
    }

    /**
     * Why delivery in the background has ended by itself: the store takes no more, as after a failed write. Operations
     * that were under way are sent again once the store has been opened anew. Empty as long as there is no such
     * failure.
     */
    public synchronized Optional<OutboxStoreException> failure() {
        return loop == null ? Optional.empty() : loop.failure();
    }

    /**
     * {@link #stop}, and then closes what the engine opened itself. It comes to an end whatever plugins do: it waits
     * for their sends up to the stop timeout, and for their closing 5 seconds. Closing twice does nothing.
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        stop();
        CompletableFuture<Void> ended = afterLoop();
        if (ended.isDone()) {
            awaitTick();
            letGo();
        } else {
            // from inside a send the loop has not ended yet, and still needs what is closed here
            CompletableFuture<Void> unused = ended.thenRun(this::letGo).whenComplete(SyncEngine::reportFailedClose);
        }
    }

    /**
     * A tick on another thread still needs what is closed next; one that waits for this very send must not be awaited.
     */
    private void awaitTick() {
        if (PluginCall.isUnderWay()) {
            return;
        }
        Duration bound = config.stopTimeout().plus(WIND_DOWN_MARGIN);
        try {
            if (driving.tryLock(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                driving.unlock();
            } else {
                log.error("a tick did not end within {}; what it had sent may be sent again", bound);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void letGo() {
        worker.announcer().close();
        worker.endThreads();
        EngineAssembly.close(opened);
    }

    private static void reportFailedClose(@Nullable Void nothing, @Nullable Throwable failure) {
        if (failure != null) {
            log.error("the engine could not close what it had opened", failure);
        }
    }

    private synchronized CompletableFuture<Void> afterLoop() {
        return loop == null ? CompletableFuture.completedFuture(null) : loop.ended();
    }

    /**
     * Hands an operation to the outbox: when this returns, it is durable and will be delivered.
     *
     * @return its id
     * @throws IllegalArgumentException as {@link Outbox#enqueue(Operation)}
     * @throws OutboxStoreException if the store cannot take it; it is not durable then
     */
    public String enqueue(Operation operation) {
        return outbox.enqueue(operation);
    }

    /**
     * Hands an operation to the outbox without waiting for the disk: it is durable, and will be delivered, when the
     * answer completes with its id. What follows must not block the thread it completes on.
     *
     * @throws IllegalArgumentException as {@link Outbox#enqueue(Operation)}
     */
    public CompletionStage<String> enqueueAsync(Operation operation) {
        return outbox.enqueueAsync(operation);
    }

    /**
     * Why an operation has not gone: what it waits for, until when, and what happened to it before; empty if there is
     * no such operation. It waits for the engine's next step, two seconds at most.
     *
     * @throws OutboxStoreException if the store cannot be read
     */
    @Override
    public Optional<Explanation> explain(String id) {
        return outbox.explain(id).map(explanation -> explanation.with(reasons(explanation.standing())));
    }

    private List<WaitReason> reasons(Standing standing) {
        if (standing.operation().status().isFinal()) {
            return List.of();
        }
        List<WaitReason> reasons = new ArrayList<>(inspect(sight -> sight.reasons(standing, nowMs()))
                .orElseGet(() -> List.of(
                        WaitReason.of(Cause.UNKNOWN, "the engine is busy, and did not say what else it waits for"))));
        if (!running()) {
            reasons.add(WaitReason.of(Cause.NOT_RUNNING, "the engine does not deliver in the background"));
        }
        return reasons;
    }

    /** How the engine and its destinations stand; empty if it did not answer within two seconds. */
    @Override
    public Optional<EngineStatus> status() {
        boolean running = running();
        return inspect(sight -> sight.status(running, nowMs()));
    }

    /**
     * Tells a listener what the engine does from now on; what an event promises, the listener's documentation says.
     *
     * @return ends that when it is closed
     */
    public Subscription subscribe(DeliveryListener listener) {
        Objects.requireNonNull(listener, "listener");
        worker.announcer().add(listener);
        return () -> worker.announcer().remove(listener);
    }

    /** How many events listeners have missed because they were too slow. */
    public long lostEvents() {
        return worker.announcer().lost();
    }

    /** A listener's, for as long as it is not closed. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        /** Tells the listener nothing more; an event that is being told may still arrive. */
        @Override
        void close();
    }

    /** Asks the next step, or the worker itself while nobody drives it. */
    private <T> Optional<T> inspect(Function<EngineSight, T> question) {
        CompletableFuture<T> answer = worker.ask(question);
        long giveUpNanos = System.nanoTime() + INSIGHT_PATIENCE.toNanos();
        while (!answer.isDone() && System.nanoTime() < giveUpNanos) {
            if (driving.tryLock()) {
                try {
                    worker.answerInquiries();
                } finally {
                    driving.unlock();
                }
            } else if (!awaitBriefly(answer)) {
                return Optional.empty();
            }
        }
        return answer.isDone() ? Optional.of(answer.join()) : Optional.empty();
    }

    /** False if the thread was interrupted. */
    private static boolean awaitBriefly(CompletableFuture<?> answer) {
        try {
            answer.get(10, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException goOn) {
            log.trace("no answer from the engine yet", goOn);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    /** Where operations wait. */
    public Outbox outbox() {
        return outbox;
    }

    /**
     * Where operations that others send arrive. Its files are made when a transport listens or a handler is registered.
     *
     * <pre>{@code
     * sync.inbox().onReceive("ws.", received -> apply(received.operation()));
     * }</pre>
     *
     * @throws IllegalStateException if this engine was made from parts: it then has no directory for an inbox
     */
    public Inbox inbox() {
        return inbox.orElseThrow(() -> new IllegalStateException("an engine made from parts has no inbox;"
                + " open one with FileInbox.open and hand it to what receives"));
    }

    /** What delivers them. */
    public TransportRegistry transports() {
        return transports;
    }

    private long nowMs() {
        return outbox.config().clock().millis();
    }

    /** How an engine behaves. Immutable. */
    public static final class Config {
        private final int workerCount;
        private final Duration idleSleep;
        private final Duration offlineSleep;
        private final int batchLimit;
        private final Duration inflightTimeout;
        private final Duration sendTimeout;
        private final Duration stopTimeout;
        private final int inFlightWindow;
        private final int maxInFlight;
        private final int maxSendThreads;
        private final int maxAbandonedSends;
        private final Map<String, NetworkProbe> probes;

        private Config(Builder builder) {
            this.workerCount = builder.workerCount;
            this.idleSleep = builder.idleSleep;
            this.offlineSleep = builder.offlineSleep;
            this.batchLimit = builder.batchLimit;
            this.inflightTimeout = builder.inflightTimeout;
            this.sendTimeout = builder.sendTimeout;
            this.stopTimeout = builder.stopTimeout;
            this.inFlightWindow = builder.inFlightWindow;
            this.maxInFlight = builder.maxInFlight;
            this.maxSendThreads = builder.maxSendThreads;
            this.maxAbandonedSends = builder.maxAbandonedSends;
            this.probes = Map.copyOf(builder.probes);
        }

        /** A builder with every default. */
        public static Builder builder() {
            return new Builder();
        }

        /** How many blocking sends run side by side to one destination. */
        public int workerCount() {
            return workerCount;
        }

        /** The longest rest while online. */
        public Duration idleSleep() {
            return idleSleep;
        }

        /** The longest rest while offline. */
        public Duration offlineSleep() {
            return offlineSleep;
        }

        /** How many operations are claimed at a time, and attempted in a tick. */
        public int batchLimit() {
            return batchLimit;
        }

        /** After how long without a renewal an operation in flight is taken for abandoned. */
        public Duration inflightTimeout() {
            return inflightTimeout;
        }

        /** How long a send may take. */
        public Duration sendTimeout() {
            return sendTimeout;
        }

        /** How long a stop waits for sends under way. */
        public Duration stopTimeout() {
            return stopTimeout;
        }

        /** How many asynchronous sends are under way to one destination. */
        public int inFlightWindow() {
            return inFlightWindow;
        }

        /** How many sends are under way in all. */
        public int maxInFlight() {
            return maxInFlight;
        }

        /** How many threads block on sends in all. */
        public int maxSendThreads() {
            return maxSendThreads;
        }

        /** How many hanging sends that cannot be interrupted a transport may leave behind. */
        public int maxAbandonedSends() {
            return maxAbandonedSends;
        }

        /** The network probes of routes that have one of their own, by kind prefix. */
        public Map<String, NetworkProbe> probes() {
            return probes;
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private int workerCount = 1;
            private Duration idleSleep = Duration.ofMillis(250);
            private Duration offlineSleep = Duration.ofMillis(500);
            private int batchLimit = 25;
            private Duration inflightTimeout = Duration.ofSeconds(10);
            private Duration sendTimeout = Duration.ofSeconds(40);
            private Duration stopTimeout = Duration.ofSeconds(5);
            private int inFlightWindow = 16;
            private int maxInFlight = 1024;
            private int maxSendThreads = 256;
            private int maxAbandonedSends = 8;
            private final Map<String, NetworkProbe> probes = new TreeMap<>();

            private Builder() {}

            /** How many blocking sends run side by side to one destination; default 1. */
            public Builder workerCount(int value) {
                this.workerCount = value;
                return this;
            }

            /**
             * The longest rest while online, after which a store without a ready listener is polled; default 250 ms.
             */
            public Builder idleSleep(Duration value) {
                this.idleSleep = Objects.requireNonNull(value, "idleSleep");
                return this;
            }

            /** The longest rest while offline; default 500 ms. */
            public Builder offlineSleep(Duration value) {
                this.offlineSleep = Objects.requireNonNull(value, "offlineSleep");
                return this;
            }

            /** How many operations are claimed at a time, and attempted in a tick; default 25. */
            public Builder batchLimit(int value) {
                this.batchLimit = value;
                return this;
            }

            /** After how long without a renewal an operation in flight is taken for abandoned; default 10 s. */
            public Builder inflightTimeout(Duration value) {
                this.inflightTimeout = Objects.requireNonNull(value, "inflightTimeout");
                return this;
            }

            /** How long a send may take before it is cancelled and charged as failed; default 40 s. */
            public Builder sendTimeout(Duration value) {
                this.sendTimeout = Objects.requireNonNull(value, "sendTimeout");
                return this;
            }

            /** How long a stop waits for sends under way before it gives them back; default 5 s. */
            public Builder stopTimeout(Duration value) {
                this.stopTimeout = Objects.requireNonNull(value, "stopTimeout");
                return this;
            }

            /** How many asynchronous sends are under way to one destination; default 16. */
            public Builder inFlightWindow(int value) {
                this.inFlightWindow = value;
                return this;
            }

            /** How many sends are under way in all, so that their payloads fit into memory; default 1024. */
            public Builder maxInFlight(int value) {
                this.maxInFlight = value;
                return this;
            }

            /** How many threads block on sends in all; default 256. */
            public Builder maxSendThreads(int value) {
                this.maxSendThreads = value;
                return this;
            }

            /** How many hanging sends that cannot be interrupted a transport may leave behind; default 8. */
            public Builder maxAbandonedSends(int value) {
                this.maxAbandonedSends = value;
                return this;
            }

            /** Asks a probe of its own for the route of this kind prefix, such as one that always says online. */
            public Builder probe(String prefix, NetworkProbe probe) {
                probes.put(Objects.requireNonNull(prefix, "prefix"), Objects.requireNonNull(probe, "probe"));
                return this;
            }

            /**
             * The configuration.
             *
             * @throws IllegalArgumentException if settings are out of bounds; names all of them
             */
            public Config build() {
                List<String> problems = new ArrayList<>();
                requirePositive("workerCount", workerCount, problems);
                requirePositive("batchLimit", batchLimit, problems);
                requirePositive("inFlightWindow", inFlightWindow, problems);
                requirePositive("maxInFlight", maxInFlight, problems);
                requirePositive("maxSendThreads", maxSendThreads, problems);
                requirePositive("maxAbandonedSends", maxAbandonedSends, problems);
                requireAtLeast("idleSleep", Duration.ZERO, idleSleep, problems);
                requireAtLeast("offlineSleep", Duration.ZERO, offlineSleep, problems);
                requireAtLeast("inflightTimeout", Duration.ofMillis(1), inflightTimeout, problems);
                requireAtLeast("sendTimeout", Duration.ofMillis(1), sendTimeout, problems);
                requireAtLeast("stopTimeout", Duration.ZERO, stopTimeout, problems);
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(String.join("; ", problems));
                }
                return new Config(this);
            }

            private static void requirePositive(String name, int value, List<String> problems) {
                if (value < 1) {
                    problems.add(name + " must be at least 1, was: " + value);
                }
            }

            private static void requireAtLeast(String name, Duration least, Duration value, List<String> problems) {
                if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(365)) > 0) {
                    problems.add(name + " must be between " + least + " and 365 days, was: " + value);
                }
            }
        }
    }
}
