package dev.tidesync.engine.wal;

import java.util.UUID;

/** Takes the records of a log that is being opened, one after another, with their places in the log. */
public interface WalIndexer {
    /** Keeps nothing. */
    WalIndexer NOBODY = new WalIndexer() {
        @Override
        public void begin(UUID storeId) {}

        @Override
        public void accept(long offset, int bytes, WalRecord record) {}

        @Override
        public void accept(long offset, int bytes, EnqueuedSummary enqueued) {}

        @Override
        public void progress(long bytes, long ofBytes) {}
    };

    /** From now on come the records of this log from the first on: whatever came before, or was known, is void. */
    void begin(UUID storeId);

    /** A record that is no {@link WalRecord.Enqueued}, where it begins, and its length in bytes. */
    void accept(long offset, int bytes, WalRecord record);

    /** An {@link WalRecord.Enqueued}, of which only this much was read. */
    void accept(long offset, int bytes, EnqueuedSummary enqueued);

    /** How far the reading has come, once in a while. */
    void progress(long bytes, long ofBytes);
}
