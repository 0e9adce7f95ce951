package dev.tidesync.engine.wal;

/** Takes the records of a replay, one after another. */
@FunctionalInterface
public interface WalConsumer {
    /** One record and the offset it has in the log. */
    void accept(long offset, WalRecord record);
}
