package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What the index keeps of one operation in memory: its place and its lifecycle. Payload, target, headers and error
 * texts stay in the log, at the offsets kept here.
 *
 * <p>Mutable, and a member of sorted sets whose order its fields decide: only {@link OutboxIndex} changes it, and only
 * while it is filed nowhere.
 */
final class Entry {
    /** The order of enqueue; a replayed operation goes to the end. */
    static final Comparator<Entry> BY_AGE = Comparator.comparingLong(entry -> entry.seq);

    static final Comparator<Entry> BY_DUE_TIME =
            Comparator.<Entry>comparingLong(entry -> entry.dueAtMs).thenComparing(BY_AGE);
    static final Comparator<Entry> BY_EXPIRY =
            Comparator.<Entry>comparingLong(entry -> entry.expiresAtMs).thenComparing(BY_AGE);
    static final Comparator<Entry> BY_LEASE =
            Comparator.<Entry>comparingLong(entry -> entry.leaseStartMs).thenComparing(BY_AGE);
    static final Comparator<Entry> BY_LAST_CHANGE =
            Comparator.<Entry>comparingLong(entry -> entry.updatedAtMs).thenComparing(BY_AGE);

    static final long NO_ERROR = -1;

    final String id;
    final long intentOffset;
    final QueueKey queueKey;
    final String orderingKey;
    final long expiresAtMs;

    long seq;
    OperationStatus status = OperationStatus.PENDING;
    int attempt;
    long updatedAtMs;
    long nextRetryAtMs;
    boolean dueWasAsked;
    boolean ambiguous;
    long errorOffset = NO_ERROR;

    /** When it is due on the clock as it goes now: see {@link #reckonDueTime}. */
    long dueAtMs;

    /** It may be claimed once the log is durable beyond this offset. */
    long claimableBeyond = -1;

    /** The reason that its last error repeats, if a gate gave that reason. */
    @Nullable String notedReason;

    /** The offset of its last claim's record: greater than that of every claim before. */
    long claimToken;

    String claimOwner = "";
    OperationStatus claimedFrom = OperationStatus.PENDING;
    long leaseStartMs;

    Entry(Operation intent, long intentOffset) {
        this.id = intent.id();
        this.intentOffset = intentOffset;
        this.seq = intentOffset;
        this.queueKey = QueueKey.of(intent);
        this.orderingKey = intent.orderingKey().intern();
        this.expiresAtMs = intent.expiresAtMs();
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
     * to catch up.
     */
    void reckonDueTime(long nowMs) {
        if (status == OperationStatus.PENDING && nextRetryAtMs <= updatedAtMs) {
            dueAtMs = Long.MIN_VALUE;
        } else if (dueWasAsked || updatedAtMs <= nowMs) {
            dueAtMs = nextRetryAtMs;
        } else {
            dueAtMs = Math.min(nextRetryAtMs, nowMs + Math.max(0, nextRetryAtMs - updatedAtMs));
        }
    }
}
