package dev.tidesync.engine.store;

import dev.tidesync.spi.OutboxStoreException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store does by itself after a while: force what nobody waits for, and refresh the view when things are quiet.
 *
 * <p><b>Threads:</b> safe for use by many. Its work runs on the timer, one task at a time.
 */
final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

    /** The promise of the store for outcomes that nobody waits for: forced within 50 ms. */
    private static final Duration FORCE_DELAY = Duration.ofMillis(40);

    private static final Duration QUIET = Duration.ofMillis(500);

    /** A large view is refreshed so seldom that it costs a twentieth of the time at most. */
    private static final int REST_PER_REFRESH = 20;

    /** Runs tasks later. */
    interface Timer {
        void after(Duration delay, Runnable task);

        /** Drops what has not begun and waits for what has. */
        void close();
    }

    private final Timer timer;
    private final Journal journal;
    private final Runnable viewRefresh;
    private final AtomicBoolean forceScheduled = new AtomicBoolean();
    private final AtomicBoolean viewScheduled = new AtomicBoolean();
    private volatile long lastChangeNanos;
    private volatile long restNanos = QUIET.toNanos();

    Housekeeping(Timer timer, Journal journal, Runnable viewRefresh) {
        this.timer = timer;
        this.journal = journal;
        this.viewRefresh = viewRefresh;
    }

    /** Has everything that was logged so far forced within moments. */
    void forceSoon() {
        if (forceScheduled.compareAndSet(false, true)) {
            timer.after(FORCE_DELAY, this::force);
        }
    }

    private void force() {
        forceScheduled.set(false);
        try {
            journal.force();
        } catch (OutboxStoreException failure) {
            LOG.error("outcomes of recent deliveries may be lost, so that these are delivered again", failure);
        }
    }

    /** Has the view refreshed once nothing has changed for a moment. */
    void refreshViewSoon() {
        lastChangeNanos = System.nanoTime();
        if (viewScheduled.compareAndSet(false, true)) {
            timer.after(Duration.ofNanos(restNanos), this::refreshViewIfQuiet);
        }
    }

    private void refreshViewIfQuiet() {
        long quietNanos = System.nanoTime() - lastChangeNanos;
        if (quietNanos < QUIET.toNanos()) {
            timer.after(QUIET.minusNanos(quietNanos), this::refreshViewIfQuiet);
            return;
        }
        viewScheduled.set(false);
        long start = System.nanoTime();
        viewRefresh.run();
        restNanos = Math.max(QUIET.toNanos(), REST_PER_REFRESH * (System.nanoTime() - start));
    }
}
