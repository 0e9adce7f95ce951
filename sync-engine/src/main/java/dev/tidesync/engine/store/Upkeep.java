package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.NoRoomException;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a store does by itself so that it does not grow without bound: a moment after something changed, and once a
 * minute, it forgets what was delivered long ago and gives room free. It ends when the log takes no more.
 *
 * <p><b>Threads:</b> {@link #soon} is safe for use by many. The work runs on the timer, one task at a time.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration MOMENT = Duration.ofMillis(100);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Housekeeping.Timer timer;
    private final Retention retention;
    private final Compactor compactor;
    private final boolean mayCompact;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean ended;

    /** @param mayCompact whether files may go; those of a log that is damaged, or of a newer version, may not */
    Upkeep(Housekeeping.Timer timer, Retention retention, Compactor compactor, boolean mayCompact) {
        this.timer = timer;
        this.retention = retention;
        this.compactor = compactor;
        this.mayCompact = mayCompact;
    }

    /** Begins, and goes on until the timer is closed. */
    void start() {
        if (!ended) {
            soon();
            timer.after(MINUTE, this::start);
        }
    }

    /** Something changed. */
    void soon() {
        again(MOMENT);
    }

    private void again(Duration delay) {
        if (!ended && !scheduled.get() && scheduled.compareAndSet(false, true)) {
            timer.after(delay, this::run);
        }
    }

    /** What it changes itself calls {@link #soon} too, to no effect: until it is over, it counts as scheduled. */
    private void run() {
        Optional<Duration> rest = Optional.empty();
        try {
            rest = work();
        } finally {
            scheduled.set(false);
            rest.ifPresent(this::again);
        }
    }

    private Optional<Duration> work() {
        try {
            retention.run();
            return mayCompact ? compactor.step() : Optional.empty();
        } catch (OutboxStoreException failure) {
            if (failure.reason() == OutboxStoreException.Reason.TAKES_NO_MORE) {
                ended = true;
                LOG.warn("no room is given free any more until the outbox is opened again", failure);
            } else {
                LOG.debug("no room can be given free for now", failure);
            }
        } catch (NoRoomException full) {
            LOG.debug("no room can be given free for now", full);
        } catch (IOException failure) {
            LOG.warn("a file of the log that is no longer needed could not be deleted; the next opening does", failure);
        }
        return Optional.empty();
    }
}
