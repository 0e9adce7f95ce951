package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.EnqueuedSummary;
import org.jspecify.annotations.Nullable;

/**
 * What the index knows of one operation, as it stood when {@link OperationRows} was asked: its place and its lifecycle.
 * Payload, target, headers and error texts stay in the log, at the offsets kept here.
 *
 * <p>A copy, made for a moment: it does not follow later changes, and changing it changes nothing until
 * {@link OutboxIndex} stores it.
 */
final class Entry {
    static final long NO_ERROR = -1;

    final String id;
    final ReadyQueue queue;
    final int lane;
    final long expiresAtMs;

    /** The row of the operation; {@link Slots#NONE} until it has one. */
    int slot = Slots.NONE;

    /** Where the record with the intent begins, and how long it is. */
    long intentOffset;

    int intentBytes;

    /** The order of enqueue; a replayed operation goes to the end. */
    long seq;

    OperationStatus status = OperationStatus.PENDING;
    int attempt;
    long updatedAtMs;
    long nextRetryAtMs;
    boolean dueWasAsked;
    boolean ambiguous;

    /** Where the record with the last error begins, and how long it is. */
    long errorOffset = NO_ERROR;

    int errorBytes;

    /** When it is due on the clock as it goes now: see {@link #reckonDueTime}. */
    long dueAtMs;

    /** It may be claimed once the log is durable beyond this offset. */
    long claimableBeyond = -1;

    /** The reason that its last error repeats, if a gate gave that reason. */
    @Nullable String notedReason;

    /** The offset of its last claim's record: greater than that of every claim before. Known while it is in flight. */
    long claimToken;

    String claimOwner = "";
    OperationStatus claimedFrom = OperationStatus.PENDING;
    long leaseStartMs;

    Entry(String id, ReadyQueue queue, int lane, long expiresAtMs) {
        this.id = id;
        this.queue = queue;
        this.lane = lane;
        this.expiresAtMs = expiresAtMs;
    }

    /** A new operation, whose record lies at a place of the log. */
    static Entry of(EnqueuedSummary enqueued, LogPlace place, ReadyQueue queue, int lane) {
        Entry entry = new Entry(enqueued.id(), queue, lane, enqueued.expiresAtMs());
        entry.intentOffset = place.offset();
        entry.intentBytes = place.bytes();
        entry.seq = enqueued.seq() == EnqueuedSummary.NOT_MOVED ? place.offset() : enqueued.seq();
        entry.status = enqueued.status();
        entry.attempt = enqueued.attempt();
        entry.updatedAtMs = enqueued.updatedAtMs();
        entry.ambiguous = enqueued.ambiguous();
        entry.retryAt(enqueued.nextRetryAtMs(), enqueued.dueWasAsked());
        return entry;
    }

    /** Sets when it is to be tried again. */
    void retryAt(long newNextRetryAtMs, boolean wasAsked) {
        nextRetryAtMs = newNextRetryAtMs;
        dueWasAsked = wasAsked;
        dueAtMs = newNextRetryAtMs;
    }

    /** What a record names that becomes the newest to say why this operation was not delivered. */
    long previousIncident() {
        return Math.max(0, errorOffset);
    }

    /** Whether it waits to be sent: PENDING or FAILED. */
    boolean isWaiting() {
        return status == OperationStatus.PENDING || status == OperationStatus.FAILED;
    }

    boolean isInFlight() {
        return status == OperationStatus.IN_FLIGHT;
    }

    /** Whether the claim with this token is the one that counts. */
    boolean isHeldBy(long token) {
        return isInFlight() && claimToken == token;
    }

    boolean isExpiredAt(long nowMs) {
        return expiresAtMs > 0 && expiresAtMs <= nowMs;
    }

    /** Whether it may be claimed, given that it lies in a ready queue. */
    boolean isClaimable(long nowMs, long durableOffset) {
        return dueAtMs <= nowMs && claimableBeyond < durableOffset && !isExpiredAt(nowMs);
    }

    /**
     * Works out when it is due. A time that was asked for stands. A time that a retry policy computed stands too,
     * unless the clock has gone back since: then the delay counts from now, or the operation would wait for the clock
     * to catch up. It only ever comes nearer, so that however often this is asked, the delay is waited for once.
     */
    void reckonDueTime(long nowMs) {
        if (status == OperationStatus.PENDING && nextRetryAtMs <= updatedAtMs) {
            dueAtMs = Long.MIN_VALUE;
        } else if (!dueWasAsked && updatedAtMs > nowMs) {
            dueAtMs = Math.min(dueAtMs, nowMs + Math.max(0, nextRetryAtMs - updatedAtMs));
        }
    }
}
