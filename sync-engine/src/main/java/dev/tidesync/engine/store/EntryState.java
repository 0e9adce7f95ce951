package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;

/** An entry as it stood at one moment, with the offsets at which the log holds the rest of the operation. */
record EntryState(
        String id,
        long intentOffset,
        long errorOffset,
        OperationStatus status,
        int attempt,
        long updatedAtMs,
        long nextRetryAtMs,
        String claimOwner) {

    static EntryState of(Entry entry) {
        return new EntryState(
                entry.id,
                entry.intentOffset,
                entry.errorOffset,
                entry.status,
                entry.attempt,
                entry.updatedAtMs,
                entry.nextRetryAtMs,
                entry.claimOwner);
    }

    /** The operation that was enqueued, with the lifecycle of this moment. */
    Operation restore(Operation enqueued, String lastError, String answer) {
        return Operation.restore(enqueued)
                .status(status)
                .attempt(attempt)
                .updatedAtMs(updatedAtMs)
                .nextRetryAtMs(nextRetryAtMs)
                .lastError(lastError)
                .answer(answer)
                .build();
    }
}
