package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecovery;

/**
 * What a store is made of once its files are open.
 *
 * @param snapshotMark where in the log the snapshot ends that the index was loaded from; -1 without one
 * @param openedAtOffset where this life of the store begins in the log
 * @param incarnation how often the store was opened, this time included
 * @param owner the name to claim under in this life
 */
record StoreParts(
        Journal journal,
        OutboxIndex index,
        ViewFile viewFile,
        SnapshotFile snapshotFile,
        VixTakeover takeover,
        Timers timers,
        Lock lock,
        FileOutboxStore.Config config,
        long snapshotMark,
        long openedAtOffset,
        long incarnation,
        String owner,
        WalRecovery recovery) {

    /**
     * The timers of a store: what is promised soon must not wait for what takes long.
     *
     * @param soon forces and refreshes
     * @param upkeep forgets and gives room free
     */
    record Timers(Housekeeping.Timer soon, Housekeeping.Timer upkeep) {
        void close() {
            upkeep.close();
            soon.close();
        }
    }

    /** The exclusive right to the files. */
    @FunctionalInterface
    interface Lock {
        /** Gives them free. */
        void release();
    }
}
