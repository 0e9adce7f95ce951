package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.OutboxStoreException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The index and its log, changed together: what happens to an operation is one record, appended to the log and applied
 * to the index in one step.
 *
 * <p><b>Threads:</b> safe for use by many. The lock is held while a record goes into the log's memory buffer, and never
 * while the disk is written, forced or read, nor while the listener runs.
 */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

    /** What a caller may rely on when a change returns, should the power fail. */
    enum Sync {
        /** Nothing yet: the caller waits for the disk, which writes it. */
        CALLER_WAITS,
        /** Nothing: whoever needs to know learns it from a later record. */
        NOT_WAITED_FOR,
        /** It is written, and will be forced within moments. */
        SOON,
        /** It has been forced. */
        BEFORE_RETURN
    }

    /** One change in the making: what it sees, and what it logs. Valid while the change runs. */
    final class Change {
        private long lastOffset = -1;

        OutboxIndex index() {
            return index;
        }

        /** Appends a record and applies it. Returns its offset. */
        long log(WalRecord record) {
            LogPlace place = append(record);
            index.apply(place, record);
            return place.offset();
        }

        /** Appends a record that is applied later, once it is durable. */
        LogPlace append(WalRecord record) {
            LogPlace place = journal.append(record);
            lastOffset = place.offset();
            return place;
        }
    }

    private final Journal journal;
    private final OutboxIndex index;
    private final Housekeeping housekeeping;
    private final Runnable changed;
    private volatile Runnable readyListener = () -> {};

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock, as is the index:
    private boolean closed;
    private @Nullable Error broken;

    /** @param changed is run after every change, without the lock */
    Ledger(Journal journal, OutboxIndex index, Housekeeping housekeeping, Runnable changed) {
        this.journal = journal;
        this.index = index;
        this.housekeeping = housekeeping;
        this.changed = changed;
    }

    /** Looks something up. */
    <T> T read(Function<OutboxIndex, T> question) {
        lock.lock();
        try {
            requireOpen();
            return whole(() -> question.apply(index));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Changes something.
     *
     * @throws dev.tidesync.spi.OutboxStoreException if the log takes no more, or could not be forced
     */
    <T> T change(Sync sync, Function<Change, T> body) {
        return change(sync, body, this::requireOpen);
    }

    /** Brings the index up to what the log already holds; does no harm to a store that was closed meanwhile. */
    int catchUp(Function<Change, Integer> body) {
        return change(Sync.NOT_WAITED_FOR, body, this::requireInOrder);
    }

    private <T> T change(Sync sync, Function<Change, T> body, Runnable precondition) {
        Change change = new Change();
        T answer;
        boolean somethingIsReady;
        lock.lock();
        try {
            precondition.run();
            answer = whole(() -> body.apply(change));
            somethingIsReady = index.takeGrown();
        } finally {
            lock.unlock();
        }
        if (change.lastOffset >= 0) {
            keepPromise(sync, change.lastOffset);
            housekeeping.refreshViewSoon();
            changed.run();
        }
        if (somethingIsReady) {
            tellListener();
        }
        return answer;
    }

    /** An index that ran out of memory in the midst of a change is not to be believed any more; the log is. */
    private <T> T whole(Supplier<T> use) {
        try {
            return use.get();
        } catch (Error fatal) {
            broken = fatal;
            throw outOfOrder(fatal);
        }
    }

    private OutboxStoreException outOfOrder(Error cause) {
        return OutboxStoreException.takesNoMore(
                journal.name() + " can no longer be used, since a change of its index failed: " + cause
                        + (cause instanceof OutOfMemoryError ? "; give Java more memory (-XX:MaxDirectMemorySize)" : "")
                        + "; what was acknowledged is kept, so open it again afterwards",
                cause);
    }

    private void keepPromise(Sync sync, long offset) {
        switch (sync) {
            case CALLER_WAITS -> {}
            case NOT_WAITED_FOR -> journal.flushSoon();
            case SOON -> {
                journal.flushSoon();
                housekeeping.forceSoon();
            }
            case BEFORE_RETURN -> journal.awaitDurable(offset);
        }
    }

    private void tellListener() {
        try {
            readyListener.run();
        } catch (RuntimeException failure) {
            LOG.warn("the ready listener failed; the operation itself is stored", failure);
        }
    }

    /** Has what is not needed given free as soon as may be, since there is need of it. */
    void askForRoom() {
        changed.run();
    }

    void onReady(Runnable listener) {
        readyListener = listener;
    }

    /** Refuses every later change and look-up. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(journal.name() + " is closed");
        }
        requireInOrder();
    }

    private void requireInOrder() {
        if (broken != null) {
            throw outOfOrder(broken);
        }
    }
}
