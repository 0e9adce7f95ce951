package dev.tidesync.engine;

import dev.tidesync.spi.OutboxStoreException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives a worker from a thread of its own: a step, then a rest until something happens. A step that fails — the disk
 * may be full — is reported once, and tried again after a rest; the loop ends when it is told to, or when the store
 * says that it takes no more.
 *
 * <p><b>Threads:</b> the loop holds the driving lock for as long as it lives, so that the worker has one driver; the
 * other methods are safe for use by many threads.
 */
final class EngineLoop {
    /** The shortest rest when nothing is foreseen: a rest of zero would be a busy loop. */
    private static final long LEAST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** How long to leave a failing store alone. */
    private static final long TROUBLE_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger log = LoggerFactory.getLogger(EngineLoop.class);

    private final SyncWorker worker;
    private final SyncEngine.Config config;
    private final InstantSource clock;
    private final EngineSignal signal;
    private final Lock driving;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "tidesync-engine");
    private volatile boolean stopping;
    private volatile @Nullable OutboxStoreException failure;
    private boolean inTrouble;

    EngineLoop(SyncWorker worker, SyncEngine.Config config, InstantSource clock, EngineSignal signal, Lock driving) {
        this.worker = worker;
        this.config = config;
        this.clock = clock;
        this.signal = signal;
        this.driving = driving;
    }

    void start() {
        // at least once is kept without it, so it is no reason to keep a JVM alive
        thread.setDaemon(true);
        thread.start();
    }

    void requestStop() {
        stopping = true;
        signal.raise();
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Why the loop has ended by itself; empty if it has not. */
    Optional<OutboxStoreException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Completes when the loop has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    private void run() {
        driving.lock();
        try {
            worker.inBackground(true);
            while (!stopping) {
                turn();
            }
            if (failure == null) {
                windDown();
            } else {
                worker.abandonAll();
            }
        } finally {
            worker.inBackground(false);
            driving.unlock();
            ended.complete(null);
        }
    }

    private void turn() {
        long restNanos = TROUBLE_REST_NANOS;
        try {
            long nowMs = clock.millis();
            SyncWorker.Step step = worker.step(nowMs, config.batchLimit());
            restNanos = step.claimed() > 0 ? 0 : Math.max(LEAST_REST_NANOS, worker.restNanos(step, nowMs));
            recovered();
        } catch (OutboxStoreException trouble) {
            if (trouble.reason() == OutboxStoreException.Reason.TAKES_NO_MORE) {
                giveUp(trouble);
                return;
            }
            report(trouble);
        } catch (RuntimeException | Error trouble) {
            report(trouble);
        }
        rest(restNanos);
    }

    private void giveUp(OutboxStoreException trouble) {
        log.error("delivery has ended: {}", trouble.getMessage());
        log.debug("the store's failure", trouble);
        failure = trouble;
        stopping = true;
    }

    private void recovered() {
        if (inTrouble) {
            log.info("delivery goes on");
            inTrouble = false;
        }
    }

    private void report(Throwable trouble) {
        if (!inTrouble) {
            log.error("delivery is held up; it is tried again until it works", trouble);
            inTrouble = true;
        }
    }

    private void rest(long nanos) {
        if (nanos == 0) {
            return;
        }
        try {
            signal.await(nanos);
        } catch (InterruptedException meantForAPlugin) {
            log.debug("an interrupt does not stop the engine; stop() does", meantForAPlugin);
        }
    }

    /** Waits for the sends under way, up to the bound, and gives back the others, also if the store fails. */
    private void windDown() {
        attempt(this::awaitSends);
        attempt(() -> worker.releaseAll(clock.millis()));
        worker.endThreads();
    }

    private void awaitSends() {
        long deadline = System.nanoTime() + config.stopTimeout().toNanos();
        worker.step(clock.millis(), 0);
        while (worker.running() > 0 && System.nanoTime() < deadline) {
            rest(Math.max(LEAST_REST_NANOS, deadline - System.nanoTime()));
            worker.step(clock.millis(), 0);
        }
    }

    private static void attempt(Runnable lastWork) {
        try {
            lastWork.run();
        } catch (RuntimeException | Error trouble) {
            log.error("could not record the last outcomes; their operations are sent again after the restart", trouble);
        }
    }
}
