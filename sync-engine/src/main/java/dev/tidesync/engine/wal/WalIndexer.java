package dev.tidesync.engine.wal;

/** Takes the records of a replay for an index, one after another, with their places in the log. */
public interface WalIndexer {
    /** A record that is no {@link WalRecord.Enqueued}, where it begins, and its length in bytes. */
    void accept(long offset, int bytes, WalRecord record);

    /** An {@link WalRecord.Enqueued}, of which only this much was read. */
    void accept(long offset, int bytes, EnqueuedSummary enqueued);
}
