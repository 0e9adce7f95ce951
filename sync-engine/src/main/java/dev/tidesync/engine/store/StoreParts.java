package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecovery;
import java.time.InstantSource;

/**
 * What a store is made of once its files are open.
 *
 * @param openedAtOffset where this life of the store begins in the log
 * @param owner the name to claim under in this life
 */
record StoreParts(
        Journal journal,
        OutboxIndex index,
        ViewFile viewFile,
        VixTakeover takeover,
        Housekeeping.Timer timer,
        Lock lock,
        InstantSource clock,
        long openedAtOffset,
        String owner,
        WalRecovery recovery) {

    /** The exclusive right to the files. */
    @FunctionalInterface
    interface Lock {
        /** Gives them free. */
        void release();
    }
}
