package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.wal.LogMark;
import dev.tidesync.engine.wal.RecordSource;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;
import dev.tidesync.engine.wal.WalSegment;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * The store's side of the write-ahead log: appends records, reads operations back, and says in the store's words what
 * went wrong.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class Journal {
    private final Wal wal;
    private final DiskRoom room;
    private final String name;
    private final String owner;

    /**
     * A journal over an open log.
     *
     * @param name the outbox in messages to people
     * @param owner whose claims are logged without a name, since the store's last opening tells it
     */
    Journal(Wal wal, DiskRoom room, String name, String owner) {
        this.wal = wal;
        this.room = room;
        this.name = name;
        this.owner = owner;
    }

    /** The room that the disk has for it. */
    DiskRoom room() {
        return room;
    }

    /** The outbox, for messages. */
    String name() {
        return name;
    }

    /**
     * Appends to the log's memory buffer; see {@link #flushSoon}, {@link #awaitDurable}. One thread at a time may do
     * so, which the ledger's lock sees to.
     */
    LogPlace append(WalRecord record) {
        try {
            long offset = wal.writer().append(withoutOwnOwner(record));
            return new LogPlace(offset, (int) (wal.writer().endOffset() - offset));
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    private WalRecord withoutOwnOwner(WalRecord record) {
        return record instanceof WalRecord.Claimed claimed && claimed.owner().equals(owner)
                ? new WalRecord.Claimed(claimed.id(), "", claimed.atMs())
                : record;
    }

    /**
     * As {@link #awaitDurable}, without waiting: runs {@code then}, and completes, or fails, on the log's own thread.
     */
    CompletionStage<Void> whenDurable(long offset, Runnable then) {
        try {
            return wal.writer().whenDurable(offset).handle((durable, failure) -> {
                if (failure != null) {
                    throw failure instanceof IOException broken
                            ? takesNoMore(broken)
                            : new CompletionException(failure);
                }
                then.run();
                return null;
            });
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Returns once the record at this offset, and all before it, have been forced to disk. */
    void awaitDurable(long offset) {
        try {
            wal.writer().awaitDurable(offset);
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Has everything appended written, but not forced, without waiting for a thread that is writing already. */
    void flushSoon() {
        try {
            wal.writer().flushSoon();
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Forces everything that was appended so far. */
    void force() {
        try {
            wal.writer().force();
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Throws what every change would throw, if a write or a force has failed. */
    void requireWritable() {
        try {
            wal.writer().requireWritable();
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Whether a write or a force has failed, so that nothing more is taken. */
    boolean hasFailed() {
        return wal.writer().isPoisoned();
    }

    private OutboxStoreException takesNoMore(IOException failure) {
        return takesNoMore(name, failure);
    }

    static OutboxStoreException takesNoMore(String name, IOException failure) {
        return OutboxStoreException.takesNoMore(
                name + " takes no more changes since writing its log failed: " + DiskTrouble.describe(failure)
                        + "; what was acknowledged before is kept, so open it again afterwards",
                failure);
    }

    /** Everything below this offset has been forced to disk. */
    long durableOffset() {
        return wal.writer().durableOffset();
    }

    /** Appends a record that stands for the place where the log is now, as {@link #append} does. */
    long appendMark() {
        try {
            return wal.appendMark();
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** Forces what was appended up to a mark, and describes it. Nothing may be dropped meanwhile. */
    LogMark forceMark(long offset) {
        try {
            return wal.forceMark(offset);
        } catch (IOException failure) {
            throw takesNoMore(failure);
        }
    }

    /** The files of the log, oldest first; the last is the one that is written. */
    List<WalSegment> segments() {
        return wal.segments();
    }

    /**
     * Begins the next file although the newest is not full, so that this one can be dropped.
     *
     * @throws OutboxStoreException if the log takes no more
     * @throws IOException if there is no room for another; nothing has changed then
     */
    void beginNextSegment() throws IOException {
        try {
            wal.beginNextSegment();
        } catch (IOException failure) {
            requireWritable();
            throw failure;
        }
    }

    /**
     * Drops the files that end at or before this offset, after forcing all that was appended; returns their bytes.
     *
     * @throws OutboxStoreException if the log takes no more
     * @throws IOException if a file cannot be deleted; nothing is lost by that
     */
    long dropBefore(long offset) throws IOException {
        try {
            return wal.dropBefore(offset);
        } catch (IOException failure) {
            requireWritable();
            throw failure;
        }
    }

    /** The operation as it stood, with payload and texts from the log. */
    Operation operation(EntryState state) {
        return operation(state, wal::readAt);
    }

    /** Does as {@link #operation}, for many that lie near each other; for one thread. */
    Function<EntryState, Operation> operations() {
        Wal.Lookup lookup = wal.lookup();
        return state -> operation(state, lookup);
    }

    private Operation operation(EntryState state, RecordSource log) {
        Operation intent = intent(state, log);
        ResultText text = resultText(state, intent, log);
        return state.restore(intent, text.error, text.answer);
    }

    /** The operation as it was enqueued. */
    Operation intent(EntryState state) {
        return intent(state, wal::readAt);
    }

    private Operation intent(EntryState state, RecordSource log) {
        WalRecord record = read(state, state.intentOffset(), log);
        if (record instanceof WalRecord.Enqueued enqueued) {
            return enqueued.operation();
        }
        throw new OutboxStoreException("operation '" + state.id() + "' of " + name + " cannot be read at offset "
                + state.intentOffset() + ": expected an Enqueued record but was "
                + record.getClass().getSimpleName());
    }

    private ResultText resultText(EntryState state, Operation intent, RecordSource log) {
        ResultText text = new ResultText();
        if (state.errorOffset() == state.intentOffset()) {
            text.error = intent.lastError();
            text.answer = intent.answer();
        } else if (state.errorOffset() != Entry.NO_ERROR) {
            read(state, state.errorOffset(), log).accept(text);
        }
        return text;
    }

    /** The record at an offset that an entry, or a record of it, names. */
    WalRecord read(EntryState state, long offset) {
        return read(state, offset, wal::readAt);
    }

    private WalRecord read(EntryState state, long offset, RecordSource log) {
        try {
            return log.at(offset);
        } catch (IOException failure) {
            throw new OutboxStoreException(
                    "operation '" + state.id() + "' of " + name + " cannot be read at offset " + offset + ": "
                            + DiskTrouble.describe(failure),
                    failure);
        }
    }

    /** Forces what was appended and closes the log's files. */
    void close() {
        try {
            wal.close();
        } catch (IOException failure) {
            throw new OutboxStoreException(
                    name + " could not be closed cleanly: " + DiskTrouble.describe(failure)
                            + "; what was acknowledged before is kept",
                    failure);
        }
    }

    /** Picks the text out of whichever record says why an operation failed or waits, or what was answered. */
    private static final class ResultText implements WalRecordVisitor {
        private String error = "";
        private String answer = "";

        @Override
        public void visit(WalRecord.Delivered delivered) {
            answer = delivered.answer();
        }

        @Override
        public void visit(WalRecord.Failed failed) {
            error = failed.error();
        }

        @Override
        public void visit(WalRecord.Buried buried) {
            error = buried.error();
        }

        @Override
        public void visit(WalRecord.Released released) {
            error = released.error();
        }

        @Override
        public void visit(WalRecord.Requeued requeued) {
            error = requeued.error();
        }

        @Override
        public void visit(WalRecord.Noted noted) {
            error = noted.error();
        }

        @Override
        public void visit(WalRecord.Replayed replayed) {
            error = replayed.error();
        }
    }
}
