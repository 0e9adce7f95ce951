package dev.tidesync.engine.wal;

import java.util.List;

/**
 * What opening a log found.
 *
 * @param damages what was durable once and cannot be read, in log order; empty for a sound log
 * @param cutBytes how many bytes of a torn tail were left behind: writes that a crash cut short, none of them ever
 *     reported durable
 * @param rewrittenRecords how many records were valid but not proven durable, and so were written again
 * @param unknownRecords how many records only a newer version can read; they are kept
 */
public record WalRecovery(List<Damage> damages, long cutBytes, long rewrittenRecords, long unknownRecords) {
    /** Copies the list. */
    public WalRecovery {
        damages = List.copyOf(damages);
    }
}
