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
 * minute, it forgets what was delivered long ago, gives room free, and keeps a snapshot of the index. It ends when the
 * log takes no more.
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
    private final IndexSnapshots snapshots;
    private final boolean logIsSound;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean ended;

    /** @param logIsSound whether files may go, and need not be read; those of a log that is damaged are kept */
    Upkeep(
            Housekeeping.Timer timer,
            Retention retention,
            Compactor compactor,
            IndexSnapshots snapshots,
            boolean logIsSound) {
        this.timer = timer;
        this.retention = retention;
        this.compactor = compactor;
        this.snapshots = snapshots;
        this.logIsSound = logIsSound;
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

    /** While a snapshot is made nothing is dropped: its mark names the files that there are. */
    private Optional<Duration> snapshotOrCompaction() throws IOException {
        Optional<Duration> more = snapshots.step();
        return more.isPresent() ? more : compactor.step();
    }

    private Optional<Duration> work() {
        try {
            retention.run();
            return logIsSound ? snapshotOrCompaction() : Optional.empty();
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
