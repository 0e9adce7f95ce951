package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.EnqueuedSummary;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;

/** What one record of the log changes in the index. */
final class RecordApplication implements WalRecordVisitor {
    private final OutboxIndex index;
    private final LogPlace place;

    /** The application of a record that lies at this place of the log. */
    RecordApplication(OutboxIndex index, LogPlace place) {
        this.index = index;
        this.place = place;
    }

    @Override
    public void visit(WalRecord.Enqueued enqueued) {
        visit(EnqueuedSummary.of(enqueued));
    }

    /** As {@link #visit(WalRecord.Enqueued)}, for whoever has read only this much of the record. */
    void visit(EnqueuedSummary enqueued) {
        index.insert(enqueued, place);
    }

    /** The clock as this life of the store found it: if it has gone back, delays are reckoned from here on. */
    @Override
    public void visit(WalRecord.Opened opened) {
        index.scheduleAt(opened.atMs());
    }

    @Override
    public void visit(WalRecord.Claimed claimed) {
        index.change(claimed.id(), entry -> {
            entry.claimedFrom = entry.isInFlight() ? entry.claimedFrom : entry.status; // a copy says a claim again
            entry.claimToken = place.offset();
            entry.claimOwner = claimed.owner().intern();
            entry.leaseStartMs = claimed.atMs();
            moveTo(entry, OperationStatus.IN_FLIGHT, claimed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Delivered delivered) {
        index.change(delivered.id(), entry -> {
            setError(entry, delivered.answer());
            moveTo(entry, OperationStatus.DONE, delivered.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Failed failed) {
        index.change(failed.id(), entry -> {
            entry.attempt = failed.attempt();
            entry.retryAt(failed.nextRetryAtMs(), failed.dueWasAsked());
            entry.ambiguous |= failed.ambiguous();
            setError(entry, failed.error());
            moveTo(entry, OperationStatus.FAILED, failed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Released released) {
        index.change(released.id(), entry -> {
            entry.retryAt(released.nextRetryAtMs(), released.dueWasAsked());
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
            entry.retryAt(requeued.atMs(), false);
            entry.ambiguous = true;
            setError(entry, requeued.error());
            moveTo(entry, OperationStatus.FAILED, requeued.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Noted noted) {
        index.amend(noted.id(), entry -> {
            setError(entry, noted.error());
            entry.notedReason = noted.error();
        });
    }

    @Override
    public void visit(WalRecord.Buried buried) {
        index.change(buried.id(), entry -> {
            entry.attempt = buried.attempt();
            setError(entry, buried.error());
            moveTo(entry, OperationStatus.PERMANENT_FAILED, buried.atMs());
        });
        index.holdBackFollower(buried.id(), place.offset());
    }

    @Override
    public void visit(WalRecord.Replayed replayed) {
        index.change(replayed.id(), entry -> {
            entry.seq = place.offset();
            entry.attempt = 0;
            entry.retryAt(replayed.atMs(), false);
            entry.claimableBeyond = place.offset();
            setError(entry, replayed.error());
            moveTo(entry, OperationStatus.PENDING, replayed.atMs());
        });
    }

    @Override
    public void visit(WalRecord.Pruned pruned) {
        pruned.ids().forEach(index::forget);
    }

    /** An error and an answer lie in the log in the same way: an operation has one of them at most. */
    private void setError(Entry entry, String error) {
        OutboxIndex.setError(entry, place, !error.isEmpty());
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
