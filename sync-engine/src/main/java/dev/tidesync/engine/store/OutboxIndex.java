package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.EnqueuedSummary;
import dev.tidesync.engine.wal.WalRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of every operation, in memory, as the records of the log make it. A running store and a reopened one come
 * to their state by the same code: {@link #apply}, once a record, in the order of the log.
 *
 * <p>Every step costs O(log n) at most, however many operations wait or are finished. What it keeps lies outside of the
 * heap, about 80 bytes an operation that waits and has not failed. Not safe for use by several threads: the store's
 * lock guards it.
 */
final class OutboxIndex {
    private static final int NODE_BYTES = 512;

    private final Slots nodes = new Slots(NODE_BYTES);
    private final Queues queues = new Queues(nodes, NODE_BYTES, this::seq);
    private final OperationRows rows;
    private final Lanes lanes;
    private final Map<OperationStatus, SlotTree> byStatus = new EnumMap<>(OperationStatus.class);
    private final Schedule schedule;
    private final SlotTree expiring;
    private final SlotTree leased;
    private final SlotTree doneByLastChange;
    private final SlotTree buriedByLastChange;
    private long orphans;
    private long latestMs;

    OutboxIndex() {
        HashKey hashKey = HashKey.random();
        rows = new OperationRows(hashKey, queues);
        lanes = new Lanes(hashKey, rows::seq);
        Arrays.stream(OperationStatus.values()).forEach(status -> byStatus.put(status, tree(rows::seq)));
        schedule = new Schedule(rows, tree(rows::dueAtMs));
        expiring = tree(rows::expiresAtMs);
        leased = tree(rows::leaseStartMs);
        doneByLastChange = tree(rows::updatedAtMs);
        buriedByLastChange = tree(rows::updatedAtMs);
    }

    private long seq(int slot) {
        return rows.seq(slot);
    }

    private SlotTree tree(IntToLongFunction order) {
        return new SlotTree(nodes, NODE_BYTES, order);
    }

    /** Brings the state up to date with one record, which lies at this place of the log. */
    void apply(LogPlace place, WalRecord record) {
        record.accept(new RecordApplication(this, place));
    }

    /** As {@link #apply}, for a record of which only this much was read. */
    void apply(LogPlace place, EnqueuedSummary enqueued) {
        new RecordApplication(this, place).visit(enqueued);
    }

    /**
     * Takes in a new operation. One that is known stays as it is and changes its place only: recovery copies what it
     * could not prove durable, and compaction what is left of an old segment.
     */
    void insert(EnqueuedSummary enqueued, LogPlace place) {
        OperationId id = rows.idOf(enqueued.id());
        int known = rows.find(id);
        if (known != Slots.NONE) {
            relocate(rows.load(known), enqueued, place);
            return;
        }
        Entry entry = create(enqueued, place);
        rows.insert(entry, id);
        file(entry);
    }

    OperationId idOf(String id) {
        return rows.idOf(id);
    }

    OperationId idOf(long high, long low) {
        return rows.idOf(high, low);
    }

    /** Takes in an operation as it was in an index before, in any order; {@code id} is what it goes by. */
    void restore(Entry entry, OperationId id) {
        rows.insert(entry, id);
        latestMs = Math.max(latestMs, entry.updatedAtMs);
        if (entry.isInFlight()) {
            int headBefore = lanes.head(entry.lane);
            place(entry);
            if (headBefore != Slots.NONE && lanes.isHead(entry)) {
                schedule.remove(rows.load(headBefore));
            }
        } else {
            place(entry);
        }
    }

    /** The queue of this key, for one more operation that is restored. */
    ReadyQueue queueFor(QueueKey key) {
        return queues.acquire(key);
    }

    /** The lane of an ordering key, for one more operation that is restored. */
    int laneFor(String orderingKey) {
        return lanes.acquire(orderingKey);
    }

    String orderingKey(Entry entry) {
        return lanes.key(entry.lane);
    }

    /** Begins to hand over all operations as they are now, in no particular order. */
    RowCut beginCut(Consumer<Entry> consumer) {
        return rows.beginCut(consumer);
    }

    /** Shows an operation as it would be if it was taken in. */
    void preview(EnqueuedSummary enqueued, LogPlace place, Consumer<Entry> consumer) {
        Entry entry = create(enqueued, place);
        consumer.accept(entry);
        lanes.release(entry.lane);
        queues.release(entry.queue);
    }

    private Entry create(EnqueuedSummary enqueued, LogPlace place) {
        ReadyQueue queue = queues.acquire(enqueued.kind(), enqueued.target());
        Entry entry = Entry.of(enqueued, place, queue, lanes.acquire(enqueued.orderingKey()));
        setError(entry, place, enqueued.hasError());
        return entry;
    }

    private void relocate(Entry entry, EnqueuedSummary copy, LogPlace place) {
        boolean errorIsInCopy = copy.seq() != EnqueuedSummary.NOT_MOVED && copy.hasError();
        boolean errorIsInIntent = entry.errorOffset == entry.intentOffset;
        boolean errorIsOlder = entry.errorOffset != Entry.NO_ERROR && entry.errorOffset < place.offset();
        if (errorIsInIntent || (errorIsInCopy && errorIsOlder)) {
            setError(entry, place, true);
        }
        entry.intentOffset = place.offset();
        entry.intentBytes = place.bytes();
        rows.store(entry);
    }

    static void setError(Entry entry, LogPlace place, boolean hasError) {
        entry.errorOffset = hasError ? place.offset() : Entry.NO_ERROR;
        entry.errorBytes = hasError ? place.bytes() : 0;
    }

    /** Sets of operations are sorted by what a change changes, so an entry is out of all of them meanwhile. */
    void change(String id, Consumer<Entry> change) {
        Entry entry = find(id);
        if (entry == null) {
            orphans++;
            return;
        }
        unfile(entry);
        change.accept(entry);
        rows.store(entry);
        file(entry);
    }

    /** Changes what decides about no order, so that the entry keeps its places. */
    void amend(String id, Consumer<Entry> change) {
        Entry entry = find(id);
        if (entry == null) {
            orphans++;
        } else {
            change.accept(entry);
            rows.store(entry);
        }
    }

    /** The latest time that anybody named: of a change, or for what is ready. It says how far time has come here. */
    long latestMs() {
        return latestMs;
    }

    /** Somebody has named this time. */
    void noteTime(long ms) {
        latestMs = Math.max(latestMs, ms);
    }

    private void file(Entry entry) {
        latestMs = Math.max(latestMs, entry.updatedAtMs);
        place(entry);
        if (entry.status.isFinal()) {
            promoteHead(entry.lane, entry.updatedAtMs);
        }
    }

    private void place(Entry entry) {
        withStatus(entry.status).add(entry.slot);
        switch (entry.status) {
            case PENDING, FAILED -> fileWaiting(entry);
            case IN_FLIGHT -> {
                leased.add(entry.slot);
                lanes.enter(entry);
            }
            case DONE -> doneByLastChange.add(entry.slot);
            case PERMANENT_FAILED -> buriedByLastChange.add(entry.slot);
        }
    }

    private void fileWaiting(Entry entry) {
        if (entry.expiresAtMs > 0) {
            expiring.add(entry.slot);
        }
        int headBefore = lanes.head(entry.lane);
        lanes.enter(entry);
        if (lanes.isHead(entry)) {
            if (headBefore != Slots.NONE) {
                schedule.remove(rows.load(headBefore)); // a copy brought back an older one
            }
            schedule.add(entry, entry.updatedAtMs);
        }
    }

    private void unfile(Entry entry) {
        withStatus(entry.status).remove(entry.slot);
        switch (entry.status) {
            case PENDING, FAILED -> unfileWaiting(entry);
            case IN_FLIGHT -> {
                leased.remove(entry.slot);
                lanes.leave(entry);
            }
            case DONE -> doneByLastChange.remove(entry.slot);
            case PERMANENT_FAILED -> buriedByLastChange.remove(entry.slot);
        }
    }

    private void unfileWaiting(Entry entry) {
        if (entry.expiresAtMs > 0) {
            expiring.remove(entry.slot);
        }
        lanes.leave(entry);
        schedule.remove(entry);
    }

    private void promoteHead(int lane, long eventMs) {
        int slot = lanes.head(lane);
        if (slot != Slots.NONE) {
            Entry head = rows.load(slot);
            if (head.isWaiting()) {
                schedule.remove(head);
                schedule.add(head, eventMs);
            }
        }
    }

    /** Whoever follows a buried operation in its lane must not go before the burial can no longer be undone. */
    void holdBackFollower(String buriedId, long offset) {
        Entry buried = find(buriedId);
        int head = buried == null ? Slots.NONE : lanes.head(buried.lane);
        if (head != Slots.NONE) {
            Entry follower = rows.load(head);
            follower.claimableBeyond = offset;
            rows.store(follower);
        }
    }

    void forget(String id) {
        Entry entry = find(id);
        if (entry != null) {
            unfile(entry);
            rows.remove(entry.slot);
            lanes.release(entry.lane);
            queues.release(entry.queue);
        }
    }

    /** The operation with this id, as it stands now; null if there is none. */
    @Nullable Entry find(String id) {
        int slot = rows.find(id);
        return slot == Slots.NONE ? null : rows.load(slot);
    }

    /** How many unfinished operations are ahead of this one in its lane, counted up to {@code limit}. */
    int aheadInLane(Entry entry, int limit) {
        return lanes.ahead(entry, limit);
    }

    /** The operation that goes next in this one's lane; it has one. */
    String laneHeadId(Entry entry) {
        return rows.load(lanes.head(entry.lane)).id;
    }

    private SlotTree withStatus(OperationStatus status) {
        SlotTree operations = byStatus.get(status);
        if (operations == null) {
            throw new AssertionError(status);
        }
        return operations;
    }

    /** The oldest operations with a status, behind the one with this id, or from the first on if it is empty. */
    List<Entry> page(OperationStatus status, String afterId, int limit) {
        SlotTree operations = withStatus(status);
        int slot = operations.first();
        if (!afterId.isEmpty()) {
            int after = rows.find(afterId);
            slot = after == Slots.NONE ? Slots.NONE : operations.after(after);
        }
        List<Entry> page = new ArrayList<>();
        for (; slot != Slots.NONE && page.size() < limit; slot = operations.after(slot)) {
            page.add(rows.load(slot));
        }
        return page;
    }

    long count(OperationStatus status) {
        return withStatus(status).size();
    }

    int size() {
        return rows.size();
    }

    /** How many records named an operation that the log does not hold: damage took its enqueue record. */
    long orphans() {
        return orphans;
    }

    /** How much memory this takes outside of the heap; less than a MiB of each kind of row may lie on it. */
    long bytes() {
        return rows.bytes() + lanes.bytes() + nodes.bytes();
    }

    /** How many bytes of the log hold what operations still need: their intents and last errors. */
    long liveBytes() {
        return rows.live().total();
    }

    /** Begins to find out how many of them lie before an offset; {@link #countOn} goes on with it. */
    void watchBelow(long offset) {
        rows.live().watchBelow(offset);
    }

    /** Counts at most so many operations more; true once all are, so that {@link #liveBytesBelow} is exact. */
    boolean countOn(int limit) {
        return rows.countOn(limit);
    }

    /** The offset that is watched; 0 if none ever was. */
    long watchedEnd() {
        return rows.live().watchedEnd();
    }

    /** How many bytes before the offset that is watched are still needed, as they are at this moment. */
    long liveBytesBelow() {
        return rows.live().watched();
    }

    /**
     * Hands over the operations of which a record begins before an offset of the log, in no particular order, looking
     * at {@code limit} rows from row {@code from} on. Operations may change between calls, and those that come
     * meanwhile may be missed; their records lie further behind.
     *
     * @return the row to go on from; {@link Slots#NONE} after the last
     */
    int forEachBelow(long offset, int from, int limit, Consumer<Entry> consumer) {
        int to = (int) Math.min(rows.end(), (long) from + limit);
        for (int slot = from; slot < to; slot++) {
            if (rows.liesBelow(slot, offset)) {
                consumer.accept(rows.load(slot));
            }
        }
        return to == rows.end() ? Slots.NONE : to;
    }

    /** The schedule, brought up to {@code nowMs}. */
    Schedule scheduleAt(long nowMs) {
        latestMs = Math.max(latestMs, nowMs);
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

    /** The oldest operation of a ready queue that may be claimed and is younger than this; null if there is none. */
    @Nullable Entry nextClaimable(ReadyQueue queue, long afterSeq, long nowMs, long durableOffset) {
        SlotTree members = queue.members();
        int slot = afterSeq == Long.MIN_VALUE ? members.first() : members.ceiling(afterSeq + 1);
        for (; slot != Slots.NONE; slot = members.after(slot)) {
            Entry candidate = rows.load(slot);
            if (candidate.isClaimable(nowMs, durableOffset)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The next operations, of at most {@code limit} looked at, whose last error does not give this reason yet. Each
     * call goes on where the one before ended, so that a long queue is noted bit by bit at a bounded cost a call.
     */
    List<Entry> nextToNote(ReadyQueue queue, String reason, int limit) {
        queue.beginNoting(reason);
        List<Entry> unnoted = new ArrayList<>();
        int slot = limit == 0 ? Slots.NONE : queue.nextToNote();
        for (int looked = 1; slot != Slots.NONE; looked++) {
            Entry candidate = rows.load(slot);
            if (!reason.equals(candidate.notedReason)) {
                unnoted.add(candidate);
            }
            slot = looked == limit ? Slots.NONE : queue.nextToNote();
        }
        return unnoted;
    }

    /** Operations that wait although their expiry has passed, the first to expire first, this many at most. */
    List<Entry> expiredAt(long nowMs, int limit) {
        return prefix(expiring, entry -> entry.isExpiredAt(nowMs), limit);
    }

    /** DONE operations whose last change was at that time or before, this many at most. */
    List<Entry> doneUntil(long olderThanMs, int limit) {
        return prefix(doneByLastChange, entry -> entry.updatedAtMs <= olderThanMs, limit);
    }

    /** PERMANENT_FAILED operations whose last change was at that time or before, this many at most. */
    List<Entry> buriedUntil(long olderThanMs, int limit) {
        return prefix(buriedByLastChange, entry -> entry.updatedAtMs <= olderThanMs, limit);
    }

    /** Operations in flight whose lease began at that time or before. */
    List<Entry> leasedUntil(long startMs) {
        return prefix(leased, entry -> entry.leaseStartMs <= startMs, Integer.MAX_VALUE);
    }

    private List<Entry> prefix(SlotTree sorted, Predicate<Entry> belongs, int limit) {
        List<Entry> found = new ArrayList<>();
        int slot = sorted.first();
        while (slot != Slots.NONE && found.size() < limit) {
            Entry entry = rows.load(slot);
            if (!belongs.test(entry)) {
                break;
            }
            found.add(entry);
            slot = sorted.after(slot);
        }
        return found;
    }

    /** Leases that began in what is now the future, since the clock went back, begin now. */
    void restartLeasesAfter(long nowMs) {
        while (!leased.isEmpty() && rows.leaseStartMs(leased.last()) > nowMs) {
            renewLease(rows.load(leased.last()), nowMs);
        }
    }

    void renewLease(Entry entry, long nowMs) {
        leased.remove(entry.slot);
        entry.leaseStartMs = nowMs;
        rows.store(entry);
        leased.add(entry.slot);
    }

    /** When the next operation becomes due or expires, after the schedule was brought up to {@code nowMs}. */
    OptionalLong nextDueAtMs(long nowMs) {
        OptionalLong due = scheduleAt(nowMs).nextDueAtMs();
        if (expiring.isEmpty()) {
            return due;
        }
        long expiry = rows.expiresAtMs(expiring.first());
        return OptionalLong.of(due.isEmpty() ? expiry : Math.min(expiry, due.getAsLong()));
    }

    /** Everything that waits and everything in flight, as far as asked, oldest first. */
    FifoMerge unfinished(boolean withInFlight) {
        SlotTree pending = withStatus(OperationStatus.PENDING);
        SlotTree failed = withStatus(OperationStatus.FAILED);
        return new FifoMerge(
                rows,
                withInFlight
                        ? List.of(pending, failed, withStatus(OperationStatus.IN_FLIGHT))
                        : List.of(pending, failed));
    }

    /** Everything there is, oldest first. */
    FifoMerge all() {
        return new FifoMerge(rows, byStatus.values());
    }

    /** Everything that lies in a ready queue, and everything in flight if asked, oldest first. */
    FifoMerge ready(long nowMs, boolean withInFlight) {
        List<SlotTree> sources = new ArrayList<>(scheduleFor(nowMs).readyByQueue());
        if (withInFlight) {
            sources.add(withStatus(OperationStatus.IN_FLIGHT));
        }
        return new FifoMerge(rows, sources);
    }
}
