package dev.tidesync.engine.wal;

/** One method for each type of record; what a visitor does not override, it passes over. */
public interface WalRecordVisitor {
    /** The log's own watermark. */
    default void visit(WalRecord.Watermark watermark) {}

    /** The log's own mark of a complete recovery. */
    default void visit(WalRecord.TailCut cut) {}

    /** The log's own mark of where it begins. */
    default void visit(WalRecord.LogBegins begins) {}

    /** The store was opened. */
    default void visit(WalRecord.Opened opened) {}

    /** An operation came in. */
    default void visit(WalRecord.Enqueued enqueued) {}

    /** It is IN_FLIGHT. */
    default void visit(WalRecord.Claimed claimed) {}

    /** It is DONE. */
    default void visit(WalRecord.Delivered delivered) {}

    /** It is FAILED. */
    default void visit(WalRecord.Failed failed) {}

    /** It is PERMANENT_FAILED. */
    default void visit(WalRecord.Buried buried) {}

    /** It was given back. */
    default void visit(WalRecord.Released released) {}

    /** Its lease ran out. */
    default void visit(WalRecord.Requeued requeued) {}

    /** It waits for a reason. */
    default void visit(WalRecord.Noted noted) {}

    /** It is PENDING again. */
    default void visit(WalRecord.Replayed replayed) {}

    /** They are forgotten. */
    default void visit(WalRecord.Pruned pruned) {}

    /** An operation arrived in the inbox. */
    default void visit(WalRecord.Received received) {}

    /** Its handler has returned. */
    default void visit(WalRecord.Handled handled) {}

    /** Keys of an origin may be gone. */
    default void visit(WalRecord.Forgotten forgotten) {}

    /** A handled operation, told once more. */
    default void visit(WalRecord.Remembered remembered) {}

    /** A record of a newer version. */
    default void visit(WalRecord.Unknown unknown) {}
}
