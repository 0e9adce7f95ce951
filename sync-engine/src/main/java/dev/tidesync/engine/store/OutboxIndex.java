package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.WalRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of every operation, in memory, as the records of the log make it. A running store and a reopened one come
 * to their state by the same code: {@link #apply}, once a record, in the order of the log.
 *
 * <p>Every step costs O(log n) at most, however many operations wait or are finished. Not safe for use by several
 * threads: the store's lock guards it.
 */
final class OutboxIndex {
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<OperationStatus, NavigableSet<Entry>> byStatus = new EnumMap<>(OperationStatus.class);
    private final Lanes lanes = new Lanes();
    private final Schedule schedule = new Schedule();
    private final NavigableSet<Entry> expiring = new TreeSet<>(Entry.BY_EXPIRY);
    private final NavigableSet<Entry> leased = new TreeSet<>(Entry.BY_LEASE);
    private final NavigableSet<Entry> doneByLastChange = new TreeSet<>(Entry.BY_LAST_CHANGE);
    private final NavigableSet<Entry> buriedByLastChange = new TreeSet<>(Entry.BY_LAST_CHANGE);
    private long orphans;

    OutboxIndex() {
        for (OperationStatus status : OperationStatus.values()) {
            byStatus.put(status, new TreeSet<>(Entry.BY_AGE));
        }
    }

    /** Brings the state up to date with one record, which begins at {@code offset} of the log. */
    void apply(long offset, WalRecord record) {
        record.accept(new RecordApplication(this, offset));
    }

    /**
     * Takes in a new operation. One that is known stays as it is: recovery may copy what it could not prove durable.
     */
    void insert(Entry entry) {
        if (byId.putIfAbsent(entry.id, entry) == null) {
            file(entry);
        }
    }

    /** Sets of operations are sorted by what a change changes, so an entry is out of all of them meanwhile. */
    void change(String id, Consumer<Entry> change) {
        Entry entry = byId.get(id);
        if (entry == null) {
            orphans++;
            return;
        }
        unfile(entry);
        change.accept(entry);
        file(entry);
    }

    /** Changes what decides about no order, so that the entry keeps its places. */
    void amend(String id, Consumer<Entry> change) {
        Entry entry = byId.get(id);
        if (entry == null) {
            orphans++;
        } else {
            change.accept(entry);
        }
    }

    private void file(Entry entry) {
        setOf(entry.status).add(entry);
        switch (entry.status) {
            case PENDING, FAILED -> fileWaiting(entry);
            case IN_FLIGHT -> {
                leased.add(entry);
                lanes.enter(entry);
            }
            case DONE -> doneByLastChange.add(entry);
            case PERMANENT_FAILED -> buriedByLastChange.add(entry);
        }
        if (entry.status.isFinal()) {
            promoteHead(entry.orderingKey, entry.updatedAtMs);
        }
    }

    private void fileWaiting(Entry entry) {
        if (entry.expiresAtMs > 0) {
            expiring.add(entry);
        }
        lanes.enter(entry);
        if (lanes.isHead(entry)) {
            schedule.add(entry, entry.updatedAtMs);
        }
    }

    private void unfile(Entry entry) {
        setOf(entry.status).remove(entry);
        schedule.remove(entry);
        expiring.remove(entry);
        leased.remove(entry);
        doneByLastChange.remove(entry);
        buriedByLastChange.remove(entry);
        lanes.leave(entry);
    }

    private void promoteHead(String orderingKey, long eventMs) {
        Entry head = lanes.head(orderingKey);
        if (head != null && head.isWaiting()) {
            schedule.remove(head);
            schedule.add(head, eventMs);
        }
    }

    /** Whoever follows a buried operation in its lane must not go before the burial can no longer be undone. */
    void holdBackFollower(String buriedId, long offset) {
        Entry buried = byId.get(buriedId);
        Entry head = buried == null ? null : lanes.head(buried.orderingKey);
        if (head != null) {
            head.claimableBeyond = offset;
        }
    }

    void forget(String id) {
        Entry entry = byId.remove(id);
        if (entry != null) {
            unfile(entry);
        }
    }

    private NavigableSet<Entry> setOf(OperationStatus status) {
        NavigableSet<Entry> entries = byStatus.get(status);
        if (entries == null) {
            throw new AssertionError(status);
        }
        return entries;
    }

    /** The operation with this id; null if there is none. */
    @Nullable Entry find(String id) {
        return byId.get(id);
    }

    /** The operations with a status, oldest first. */
    NavigableSet<Entry> withStatus(OperationStatus status) {
        return setOf(status);
    }

    long count(OperationStatus status) {
        return setOf(status).size();
    }

    int size() {
        return byId.size();
    }

    /** How many records named an operation that the log does not hold: damage took its enqueue record. */
    long orphans() {
        return orphans;
    }

    /** The schedule, brought up to {@code nowMs}. */
    Schedule scheduleAt(long nowMs) {
        schedule.advanceTo(nowMs);
        return schedule;
    }

    /** As {@link #scheduleAt}; a reader who names no time, which is 0, must not turn back that of everybody else. */
    private Schedule scheduleFor(long readerNowMs) {
        return readerNowMs > 0 ? scheduleAt(readerNowMs) : schedule;
    }

    /** Whether an operation became ready otherwise than by the passing of time since this was last asked. */
    boolean takeGrown() {
        return schedule.takeGrown();
    }

    /** Whether the operation may be claimed now. */
    boolean isClaimable(Entry entry, long nowMs, long durableOffset) {
        return scheduleAt(nowMs).isReady(entry) && entry.isClaimable(nowMs, durableOffset);
    }

    /** Operations that wait although their expiry has passed. */
    List<Entry> expiredAt(long nowMs) {
        return expiring.stream().takeWhile(entry -> entry.isExpiredAt(nowMs)).toList();
    }

    /** DONE operations whose last change was at that time or before. */
    List<Entry> doneUntil(long olderThanMs) {
        return changedUntil(olderThanMs, doneByLastChange);
    }

    /** PERMANENT_FAILED operations whose last change was at that time or before. */
    List<Entry> buriedUntil(long olderThanMs) {
        return changedUntil(olderThanMs, buriedByLastChange);
    }

    private static List<Entry> changedUntil(long timeMs, Collection<Entry> byLastChange) {
        return byLastChange.stream()
                .takeWhile(entry -> entry.updatedAtMs <= timeMs)
                .toList();
    }

    /** Operations in flight whose lease began at that time or before. */
    List<Entry> leasedUntil(long startMs) {
        return leased.stream().takeWhile(entry -> entry.leaseStartMs <= startMs).toList();
    }

    /** Leases that began in what is now the future, since the clock went back, begin now. */
    void restartLeasesAfter(long nowMs) {
        while (!leased.isEmpty() && leased.last().leaseStartMs > nowMs) {
            renewLease(leased.last(), nowMs);
        }
    }

    void renewLease(Entry entry, long nowMs) {
        leased.remove(entry);
        entry.leaseStartMs = nowMs;
        leased.add(entry);
    }

    /** When the next operation becomes due or expires, after the schedule was brought up to {@code nowMs}. */
    OptionalLong nextDueAtMs(long nowMs) {
        OptionalLong due = scheduleAt(nowMs).nextDueAtMs();
        if (expiring.isEmpty()) {
            return due;
        }
        long expiry = expiring.first().expiresAtMs;
        return OptionalLong.of(due.isEmpty() ? expiry : Math.min(expiry, due.getAsLong()));
    }

    /** Everything that waits and everything in flight, as far as asked, oldest first. */
    FifoMerge unfinished(boolean withInFlight) {
        Collection<Entry> pending = setOf(OperationStatus.PENDING);
        Collection<Entry> failed = setOf(OperationStatus.FAILED);
        return new FifoMerge(
                withInFlight ? List.of(pending, failed, setOf(OperationStatus.IN_FLIGHT)) : List.of(pending, failed));
    }

    /** Everything there is, oldest first. */
    FifoMerge all() {
        return new FifoMerge(byStatus.values());
    }

    /** Everything that lies in a ready queue, and everything in flight if asked, oldest first. */
    FifoMerge ready(long nowMs, boolean withInFlight) {
        List<Collection<Entry>> sources = new ArrayList<>(scheduleFor(nowMs).readyByQueue());
        if (withInFlight) {
            sources.add(setOf(OperationStatus.IN_FLIGHT));
        }
        return new FifoMerge(sources);
    }
}
