package dev.tidesync.engine.wal;

import java.io.IOException;

/** Records by the offset at which they lie. */
@FunctionalInterface
public interface RecordSource {
    /**
     * The record at an offset that {@link Wal#append} or {@link Wal#replay} gave, also if it was appended only now.
     *
     * @throws WalDroppedException if its segment has been dropped
     * @throws IOException if it is damaged, or the disk fails
     * @throws IllegalArgumentException if the log does not reach so far
     */
    WalRecord at(long offset) throws IOException;
}
