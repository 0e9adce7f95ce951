package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.store.Leases.Lease;
import dev.tidesync.engine.wal.CompactId;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The operations themselves, one row of 60 bytes each, outside of the heap. What few operations have lies in a second
 * row of 60, which an operation has while it needs it; an id that is not a canonical UUID takes its text besides.
 * {@link #load} and {@link #store} turn rows into an {@link Entry} and back. Not safe for use by several threads.
 *
 * <pre>
 * row:       0 id: upper half, or hash | 8 id: lower half, or text | 16 intent's offset | 24 seq
 *           32 updated at | 40 intent's bytes | 44 flags | 48 queue | 52 extension | 56 next retry, less updated at
 * extension: 0 next retry at | 8 due at | 16 expires at | 24 error's offset | 32 claimable beyond
 *           40 attempt | 44 error's bytes | 48 lane | 52 noted reason | 56 lease
 * </pre>
 */
final class OperationRows {
    /** Which part of the schedule an operation is in. */
    enum Place {
        NOWHERE(0),
        READY(1),
        NOT_YET_DUE(2);

        private final int code;

        Place(int code) {
            this.code = code;
        }
    }

    private static final int ROW_BYTES = 60;
    private static final int ID_HIGH_AT = 0;
    private static final int ID_LOW_AT = 8;
    private static final int INTENT_OFFSET_AT = 16;
    private static final int SEQ_AT = 24;
    private static final int UPDATED_AT = 32;
    private static final int INTENT_BYTES_AT = 40;
    private static final int FLAGS_AT = 44;
    private static final int QUEUE_AT = 48;
    private static final int EXTENSION_AT = 52;
    private static final int RETRY_AFTER_AT = 56;

    private static final int EXTENSION_BYTES = 60;
    private static final int NEXT_RETRY_AT = 0;
    private static final int DUE_AT = 8;
    private static final int EXPIRES_AT = 16;
    private static final int ERROR_OFFSET_AT = 24;
    private static final int CLAIMABLE_BEYOND_AT = 32;
    private static final int ATTEMPT_AT = 40;
    private static final int ERROR_BYTES_AT = 44;
    private static final int LANE_AT = 48;
    private static final int REASON_AT = 52;
    private static final int LEASE_AT = 56;

    private static final int STATUS_MASK = 0x7;
    private static final int CLAIMED_FROM_FAILED = 1 << 3;
    private static final int DUE_WAS_ASKED = 1 << 4;
    private static final int AMBIGUOUS = 1 << 5;
    private static final int ID_IS_UUID = 1 << 6;
    private static final int PLACE_SHIFT = 7;
    private static final int PLACE_MASK = 0x3 << PLACE_SHIFT;
    /** Its next retry is told by the row alone. */
    private static final int RETRY_IS_NEAR = 1 << 9;
    /** It is due when the next retry is. */
    private static final int DUE_AT_RETRY = 1 << 10;
    /** It has been due from the beginning. */
    private static final int DUE_AT_ONCE = 1 << 11;
    /** Nobody uses the row. */
    private static final int FREE = 1 << 12;

    private static final OperationStatus[] STATUSES = statusesByCode();

    private final Slots rows = new Slots(ROW_BYTES);
    private final Slots extensions = new Slots(EXTENSION_BYTES);
    private final Texts ids = new Texts();
    private final SlotTable byId = new SlotTable(this::hashOfId);
    private final Names reasons = new Names();
    private final Leases leases = new Leases();
    private final LiveBytes live = new LiveBytes();
    private final HashKey hashKey;
    private final Queues queues;
    private RowCut cut = RowCut.OVER;

    /** No operations; {@code queues} knows the numbers of queues. */
    OperationRows(HashKey hashKey, Queues queues) {
        this.hashKey = hashKey;
        this.queues = queues;
    }

    private static OperationStatus[] statusesByCode() {
        OperationStatus[] byCode = new OperationStatus[OperationStatus.values().length];
        Arrays.stream(OperationStatus.values()).forEach(status -> byCode[status.code()] = status);
        return byCode;
    }

    /** The row of the operation with this id; {@link Slots#NONE} if there is none. */
    int find(String id) {
        return find(idOf(id));
    }

    /** An id as rows keep it, for who needs it more than once. */
    OperationId idOf(String id) {
        return OperationId.of(id, hashKey);
    }

    OperationId idOf(long high, long low) {
        return OperationId.of(high, low, hashKey);
    }

    /** As {@link #find(String)}. */
    int find(OperationId wanted) {
        return byId.find(wanted.hash, slot -> isId(slot, wanted));
    }

    private boolean isId(int slot, OperationId wanted) {
        boolean isUuid = (flags(slot) & ID_IS_UUID) != 0;
        byte[] text = wanted.text;
        return isUuid == (text == null)
                && rows.getLong(slot, ID_HIGH_AT) == wanted.high
                && (text == null
                        ? rows.getLong(slot, ID_LOW_AT) == wanted.low
                        : Arrays.equals(ids.get(textOfId(slot)), text));
    }

    private int textOfId(int slot) {
        return (int) rows.getLong(slot, ID_LOW_AT);
    }

    private long hashOfId(int slot) {
        long high = rows.getLong(slot, ID_HIGH_AT);
        return (flags(slot) & ID_IS_UUID) == 0 ? high : hashKey.hash(high, rows.getLong(slot, ID_LOW_AT));
    }

    private String id(int slot) {
        return (flags(slot) & ID_IS_UUID) == 0
                ? OperationId.text(ids.get(textOfId(slot)))
                : CompactId.text(rows.getLong(slot, ID_HIGH_AT), rows.getLong(slot, ID_LOW_AT));
    }

    /** Gives an operation that is not known a row; {@code id} is its own. */
    void insert(Entry entry, OperationId id) {
        byte[] text = id.text;
        int slot = rows.take();
        cut.beforeChange(slot);
        rows.setLong(slot, ID_HIGH_AT, id.high);
        rows.setLong(slot, ID_LOW_AT, text == null ? id.low : ids.add(text));
        rows.setInt(slot, QUEUE_AT, entry.queue.number());
        rows.setInt(slot, EXTENSION_AT, Slots.NONE);
        rows.setInt(slot, INTENT_BYTES_AT, 0);
        rows.setInt(slot, FLAGS_AT, text == null ? ID_IS_UUID : 0);
        entry.slot = slot;
        store(entry);
        byId.add(slot);
    }

    /** Frees the row of an operation. */
    void remove(int slot) {
        cut.beforeChange(slot);
        byId.remove(slot);
        countBytes(slot, -1);
        dropExtension(slot);
        if ((flags(slot) & ID_IS_UUID) == 0) {
            ids.remove(textOfId(slot));
        }
        rows.setInt(slot, FLAGS_AT, FREE);
        rows.free(slot);
    }

    /** The operation in a row, as it stands now. */
    Entry load(int slot) {
        int extension = rows.getInt(slot, EXTENSION_AT);
        boolean extended = extension != Slots.NONE;
        Entry entry = new Entry(
                id(slot),
                queues.get(rows.getInt(slot, QUEUE_AT)),
                extended ? extensions.getInt(extension, LANE_AT) : Slots.NONE,
                extended ? extensions.getLong(extension, EXPIRES_AT) : 0);
        loadRow(entry, slot);
        if (extended) {
            loadExtension(entry, extension);
        }
        loadTimes(entry, extension);
        return entry;
    }

    private void loadRow(Entry entry, int slot) {
        int flags = flags(slot);
        entry.slot = slot;
        entry.intentOffset = intentOffset(slot);
        entry.intentBytes = rows.getInt(slot, INTENT_BYTES_AT);
        entry.seq = seq(slot);
        entry.updatedAtMs = updatedAtMs(slot);
        entry.status = STATUSES[flags & STATUS_MASK];
        entry.claimedFrom = (flags & CLAIMED_FROM_FAILED) == 0 ? OperationStatus.PENDING : OperationStatus.FAILED;
        entry.dueWasAsked = (flags & DUE_WAS_ASKED) != 0;
        entry.ambiguous = (flags & AMBIGUOUS) != 0;
    }

    private void loadExtension(Entry entry, int extension) {
        entry.attempt = extensions.getInt(extension, ATTEMPT_AT);
        entry.errorOffset = extensions.getLong(extension, ERROR_OFFSET_AT);
        entry.errorBytes = extensions.getInt(extension, ERROR_BYTES_AT);
        entry.claimableBeyond = extensions.getLong(extension, CLAIMABLE_BEYOND_AT);
        entry.notedReason = reasons.get(extensions.getInt(extension, REASON_AT));
        int number = extensions.getInt(extension, LEASE_AT);
        if (number != Slots.NONE) {
            Lease lease = leases.get(number);
            entry.claimToken = lease.token();
            entry.claimOwner = lease.owner();
            entry.leaseStartMs = lease.startMs();
        }
    }

    private void loadTimes(Entry entry, int extension) {
        int flags = flags(entry.slot);
        entry.nextRetryAtMs = (flags & RETRY_IS_NEAR) != 0
                ? entry.updatedAtMs + rows.getInt(entry.slot, RETRY_AFTER_AT)
                : extensions.getLong(extension, NEXT_RETRY_AT);
        if ((flags & DUE_AT_ONCE) != 0) {
            entry.dueAtMs = Long.MIN_VALUE;
        } else {
            entry.dueAtMs = (flags & DUE_AT_RETRY) != 0 ? entry.nextRetryAtMs : extensions.getLong(extension, DUE_AT);
        }
    }

    /** Writes an operation back to its row. */
    void store(Entry entry) {
        int slot = entry.slot;
        cut.beforeChange(slot);
        int retryAfter = (int) (entry.nextRetryAtMs - entry.updatedAtMs);
        boolean near = entry.updatedAtMs + retryAfter == entry.nextRetryAtMs;
        countBytes(slot, -1);
        int due =
                entry.dueAtMs == Long.MIN_VALUE ? DUE_AT_ONCE : entry.dueAtMs == entry.nextRetryAtMs ? DUE_AT_RETRY : 0;
        rows.setLong(slot, INTENT_OFFSET_AT, entry.intentOffset);
        rows.setInt(slot, INTENT_BYTES_AT, entry.intentBytes);
        rows.setLong(slot, SEQ_AT, entry.seq);
        rows.setLong(slot, UPDATED_AT, entry.updatedAtMs);
        rows.setInt(slot, RETRY_AFTER_AT, retryAfter);
        rows.setInt(
                slot,
                FLAGS_AT,
                (flags(slot) & (ID_IS_UUID | PLACE_MASK))
                        | entry.status.code()
                        | (entry.claimedFrom == OperationStatus.FAILED ? CLAIMED_FROM_FAILED : 0)
                        | (entry.dueWasAsked ? DUE_WAS_ASKED : 0)
                        | (entry.ambiguous ? AMBIGUOUS : 0)
                        | (near ? RETRY_IS_NEAR : 0)
                        | due);
        if (near && due != 0 && isPlain(entry)) {
            dropExtension(slot);
        } else {
            storeExtension(entry);
        }
        countBytes(slot, 1);
    }

    private void countBytes(int slot, int sign) {
        live.add(slot, intentOffset(slot), sign * rows.getInt(slot, INTENT_BYTES_AT));
        long errorOffset = errorOffset(slot);
        if (errorOffset != Entry.NO_ERROR) {
            live.add(slot, errorOffset, sign * extensions.getInt(rows.getInt(slot, EXTENSION_AT), ERROR_BYTES_AT));
        }
    }

    /** Where the record with the last error begins, unless that is the record with the intent. */
    private long errorOffset(int slot) {
        int extension = rows.getInt(slot, EXTENSION_AT);
        long offset = extension == Slots.NONE ? Entry.NO_ERROR : extensions.getLong(extension, ERROR_OFFSET_AT);
        return offset == intentOffset(slot) ? Entry.NO_ERROR : offset;
    }

    LiveBytes live() {
        return live;
    }

    /** Begins to hand over all rows as they are now; {@link RowCut#goOn} goes on with it, also after changes. */
    RowCut beginCut(Consumer<Entry> consumer) {
        cut = new RowCut(rows.created(), slot -> {
            if (isUsed(slot)) {
                consumer.accept(load(slot));
            }
        });
        return cut;
    }

    /** Goes through this many more rows for {@link LiveBytes}; true if it has been through all. */
    boolean countOn(int limit) {
        int to = Math.min(rows.created(), live.countedRows() + limit);
        for (int slot = live.countedRows(); slot < to; slot++) {
            live.counted(isUsed(slot) ? bytesBelow(slot, live.watchedEnd()) : 0);
        }
        return to == rows.created();
    }

    private long bytesBelow(int slot, long end) {
        long bytes = intentOffset(slot) < end ? rows.getInt(slot, INTENT_BYTES_AT) : 0;
        long errorOffset = errorOffset(slot);
        return errorOffset == Entry.NO_ERROR || errorOffset >= end
                ? bytes
                : bytes + extensions.getInt(rows.getInt(slot, EXTENSION_AT), ERROR_BYTES_AT);
    }

    /** Whether a row holds an operation of which a record begins before this offset of the log. */
    boolean liesBelow(int slot, long end) {
        if (!isUsed(slot)) {
            return false;
        }
        long errorOffset = errorOffset(slot);
        return intentOffset(slot) < end || (errorOffset != Entry.NO_ERROR && errorOffset < end);
    }

    /** Whether it has nothing that only an extension can hold, apart from times. */
    private static boolean isPlain(Entry entry) {
        return entry.expiresAtMs == 0
                && entry.lane == Slots.NONE
                && entry.attempt == 0
                && entry.errorOffset == Entry.NO_ERROR
                && entry.claimableBeyond < 0
                && entry.notedReason == null
                && !entry.isInFlight();
    }

    private void storeExtension(Entry entry) {
        int extension = extensionOf(entry.slot);
        extensions.setLong(extension, NEXT_RETRY_AT, entry.nextRetryAtMs);
        extensions.setLong(extension, DUE_AT, entry.dueAtMs);
        extensions.setLong(extension, EXPIRES_AT, entry.expiresAtMs);
        extensions.setLong(extension, ERROR_OFFSET_AT, entry.errorOffset);
        extensions.setInt(extension, ERROR_BYTES_AT, entry.errorBytes);
        extensions.setLong(extension, CLAIMABLE_BEYOND_AT, entry.claimableBeyond);
        extensions.setInt(extension, ATTEMPT_AT, entry.attempt);
        extensions.setInt(extension, LANE_AT, entry.lane);
        int reason = reasons.acquire(entry.notedReason);
        reasons.release(extensions.getInt(extension, REASON_AT));
        extensions.setInt(extension, REASON_AT, reason);
        storeLease(entry, extension);
    }

    private void storeLease(Entry entry, int extension) {
        int number = extensions.getInt(extension, LEASE_AT);
        if (!entry.isInFlight()) {
            dropLease(extension);
            return;
        }
        Lease lease = new Lease(entry.claimToken, entry.claimOwner, entry.leaseStartMs);
        if (number == Slots.NONE) {
            extensions.setInt(extension, LEASE_AT, leases.add(lease));
        } else {
            leases.set(number, lease);
        }
    }

    private void dropLease(int extension) {
        int number = extensions.getInt(extension, LEASE_AT);
        if (number != Slots.NONE) {
            leases.remove(number);
            extensions.setInt(extension, LEASE_AT, Slots.NONE);
        }
    }

    private int extensionOf(int slot) {
        int extension = rows.getInt(slot, EXTENSION_AT);
        if (extension == Slots.NONE) {
            extension = extensions.take();
            extensions.setInt(extension, REASON_AT, Slots.NONE);
            extensions.setInt(extension, LEASE_AT, Slots.NONE);
            rows.setInt(slot, EXTENSION_AT, extension);
        }
        return extension;
    }

    private void dropExtension(int slot) {
        int extension = rows.getInt(slot, EXTENSION_AT);
        if (extension != Slots.NONE) {
            reasons.release(extensions.getInt(extension, REASON_AT));
            dropLease(extension);
            extensions.free(extension);
            rows.setInt(slot, EXTENSION_AT, Slots.NONE);
        }
    }

    private int flags(int slot) {
        return rows.getInt(slot, FLAGS_AT);
    }

    long seq(int slot) {
        return rows.getLong(slot, SEQ_AT);
    }

    long updatedAtMs(int slot) {
        return rows.getLong(slot, UPDATED_AT);
    }

    long intentOffset(int slot) {
        return rows.getLong(slot, INTENT_OFFSET_AT);
    }

    /** When a row that has an expiry expires. */
    long expiresAtMs(int slot) {
        return extensions.getLong(rows.getInt(slot, EXTENSION_AT), EXPIRES_AT);
    }

    /** When the lease of a row in flight began. */
    long leaseStartMs(int slot) {
        return leases.get(extensions.getInt(rows.getInt(slot, EXTENSION_AT), LEASE_AT))
                .startMs();
    }

    long dueAtMs(int slot) {
        int flags = flags(slot);
        if ((flags & DUE_AT_ONCE) != 0) {
            return Long.MIN_VALUE;
        }
        if ((flags & (DUE_AT_RETRY | RETRY_IS_NEAR)) == (DUE_AT_RETRY | RETRY_IS_NEAR)) {
            return updatedAtMs(slot) + rows.getInt(slot, RETRY_AFTER_AT);
        }
        return extensions.getLong(rows.getInt(slot, EXTENSION_AT), DUE_AT);
    }

    Place place(int slot) {
        int code = (flags(slot) & PLACE_MASK) >>> PLACE_SHIFT;
        return code == Place.READY.code ? Place.READY : code == Place.NOWHERE.code ? Place.NOWHERE : Place.NOT_YET_DUE;
    }

    void setPlace(int slot, Place place) {
        rows.setInt(slot, FLAGS_AT, (flags(slot) & ~PLACE_MASK) | (place.code << PLACE_SHIFT));
    }

    /** Whether the row with this number holds an operation. */
    boolean isUsed(int slot) {
        return slot < rows.created() && (flags(slot) & FREE) == 0;
    }

    /** Every row's number lies below this. */
    int end() {
        return rows.created();
    }

    int size() {
        return rows.used();
    }

    /** How much memory the rows take outside of the heap, the way to find them included. */
    long bytes() {
        return rows.bytes() + extensions.bytes() + ids.bytes() + byId.bytes();
    }
}
