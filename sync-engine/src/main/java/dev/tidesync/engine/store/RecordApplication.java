package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;

/** What one record of the log changes in the index. */
final class RecordApplication implements WalRecordVisitor {
    private final OutboxIndex index;
    private final long offset;

    /** The application of a record that begins at {@code offset} of the log. */
    RecordApplication(OutboxIndex index, long offset) {
        this.index = index;
        this.offset = offset;
    }

    @Override
    public void visit(WalRecord.Enqueued enqueued) {
        Operation operation = enqueued.operation();
        Entry entry = new Entry(operation, offset);
        entry.status = operation.status();
        entry.attempt = operation.attempt();
        entry.updatedAtMs = operation.updatedAtMs();
        entry.nextRetryAtMs = operation.nextRetryAtMs();
        entry.dueWasAsked = operation.isPending() && operation.nextRetryAtMs() > operation.updatedAtMs();
        setError(entry, operation.lastError());
        index.insert(entry);
    }

    @Override
    public void visit(WalRecord.Claimed claimed) {
        index.change(claimed.id(), entry -> {
            entry.claimedFrom = entry.status;
            entry.claimToken = offset;
            entry.claimOwner = claimed.owner().intern();
            entry.leaseStartMs = claimed.atMs();
            moveTo(entry, OperationStatus.IN_FLIGHT, claimed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Delivered delivered) {
        index.change(delivered.id(), entry -> {
            setError(entry, "");
            moveTo(entry, OperationStatus.DONE, delivered.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Failed failed) {
        index.change(failed.id(), entry -> {
            entry.attempt = failed.attempt();
            entry.nextRetryAtMs = failed.nextRetryAtMs();
            entry.dueWasAsked = failed.dueWasAsked();
            entry.ambiguous |= failed.ambiguous();
            setError(entry, failed.error());
            moveTo(entry, OperationStatus.FAILED, failed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Released released) {
        index.change(released.id(), entry -> {
            entry.nextRetryAtMs = released.nextRetryAtMs();
            entry.dueWasAsked = released.dueWasAsked();
            entry.ambiguous |= released.ambiguous();
            setError(entry, released.error());
            moveTo(entry, released.status(), released.atMs());
        });
    }

    /** Nobody knows what became of the claim, so the receiver may have applied the operation. */
    @Override
    public void visit(WalRecord.Requeued requeued) {
        index.change(requeued.id(), entry -> {
            entry.attempt = requeued.attempt();
            entry.nextRetryAtMs = requeued.atMs();
            entry.dueWasAsked = false;
            entry.ambiguous = true;
            setError(entry, requeued.error());
            moveTo(entry, OperationStatus.FAILED, requeued.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Noted noted) {
        index.amend(noted.id(), entry -> {
            setError(entry, noted.error());
            entry.notedReason = noted.error().intern();
        });
    }

    @Override
    public void visit(WalRecord.Buried buried) {
        index.change(buried.id(), entry -> {
            entry.attempt = buried.attempt();
            setError(entry, buried.error());
            moveTo(entry, OperationStatus.PERMANENT_FAILED, buried.atMs());
        });
        index.holdBackFollower(buried.id(), offset);
    }

    @Override
    public void visit(WalRecord.Replayed replayed) {
        index.change(replayed.id(), entry -> {
            entry.seq = offset;
            entry.attempt = 0;
            entry.nextRetryAtMs = replayed.atMs();
            entry.dueWasAsked = false;
            entry.claimableBeyond = offset;
            setError(entry, replayed.error());
            moveTo(entry, OperationStatus.PENDING, replayed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Pruned pruned) {
        pruned.ids().forEach(index::forget);
    }

    private void setError(Entry entry, String error) {
        entry.errorOffset = error.isEmpty() ? Entry.NO_ERROR : offset;
        entry.notedReason = null;
    }

    private static void moveTo(Entry entry, OperationStatus status, long atMs) {
        entry.status = status;
        entry.updatedAtMs = atMs;
        if (status != OperationStatus.IN_FLIGHT) {
            entry.claimOwner = "";
        }
    }
}
