package dev.tidesync.engine.wal;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;

/**
 * What an index needs to know of an {@link WalRecord.Enqueued}: neither payload nor headers nor texts for people, so
 * that reading many of them costs little.
 *
 * @param hasError whether the operation came with a last error or an answer, which the record holds
 * @param dueWasAsked whether {@code nextRetryAtMs} was asked for, and not computed by a retry policy
 * @param seq its place in the order of enqueue, which a copy keeps; {@link #NOT_MOVED} if that is the record's offset
 */
public record EnqueuedSummary(
        String id,
        String kind,
        String target,
        String orderingKey,
        long expiresAtMs,
        long updatedAtMs,
        long nextRetryAtMs,
        OperationStatus status,
        int attempt,
        boolean hasError,
        boolean ambiguous,
        boolean dueWasAsked,
        long seq) {
    /** The record is the first of its operation. */
    public static final long NOT_MOVED = -1;

    /** The summary of a record. */
    public static EnqueuedSummary of(WalRecord.Enqueued enqueued) {
        Operation operation = enqueued.operation();
        return new EnqueuedSummary(
                operation.id(),
                operation.kind(),
                operation.target(),
                operation.orderingKey(),
                operation.expiresAtMs(),
                operation.updatedAtMs(),
                operation.nextRetryAtMs(),
                operation.status(),
                operation.attempt(),
                !operation.lastError().isEmpty() || !operation.answer().isEmpty(),
                enqueued.ambiguous(),
                enqueued.dueWasAsked(),
                enqueued.seq());
    }
}
