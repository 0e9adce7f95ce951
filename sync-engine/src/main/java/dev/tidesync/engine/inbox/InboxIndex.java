package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.InboxKey;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What an inbox knows without looking at its log: keys, marks, and what waits. Every change is a record applied, at
 * opening and afterwards alike. Not safe for use by several threads.
 */
final class InboxIndex implements WalRecordVisitor {
    private final KeyTable keys;
    private final Origins origins = new Origins();
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    private long waitingBytes;
    private long offset;

    InboxIndex(long seed) {
        this.keys = new KeyTable(seed);
    }

    /** Applies the record that lies at this offset of the log. */
    void apply(long at, WalRecord record) {
        offset = at;
        record.accept(this);
    }

    @Override
    public void visit(WalRecord.Received received) {
        forgetWaiting(received.key());
        Operation operation = received.operation();
        long order = received.order() == 0 ? offset : received.order();
        keys.put(
                received.key(),
                received.fingerprint(),
                origins.numberOf(received.origin()),
                CreationTime.of(operation, received.atMs()),
                order);
        waiting.put(
                order,
                new Waiting(
                        received.key(),
                        operation.kind(),
                        operation.orderingKey().isEmpty()
                                ? Waiting.NO_LANE
                                : Digests.lane(received.origin(), operation.orderingKey()),
                        operation.payloadSize(),
                        order,
                        offset));
        waitingBytes += operation.payloadSize();
    }

    @Override
    public void visit(WalRecord.Handled handled) {
        int slot = keys.find(handled.key());
        if (slot >= 0) {
            forgetWaiting(handled.key());
            keys.handled(slot, handled.atMs());
        }
    }

    @Override
    public void visit(WalRecord.Remembered remembered) {
        forgetWaiting(remembered.key());
        int slot = keys.put(
                remembered.key(),
                remembered.fingerprint(),
                origins.numberOf(remembered.origin()),
                remembered.createdAtMs(),
                offset);
        keys.handled(slot, remembered.atMs());
    }

    @Override
    public void visit(WalRecord.Forgotten forgotten) {
        origins.raise(origins.numberOf(forgotten.origin()), forgotten.createdAtMs());
    }

    private void forgetWaiting(InboxKey key) {
        int slot = keys.find(key);
        if (slot >= 0 && !keys.isHandled(slot)) {
            Waiting known = waiting.remove(keys.order(slot));
            waitingBytes -= known == null ? 0 : known.payloadBytes;
        }
    }

    /** What waits, in the order it came. */
    List<Waiting> waiting() {
        return new ArrayList<>(waiting.values());
    }

    /** What waits and whose record lay at this offset at first. */
    Waiting waitingAt(long order) {
        Waiting found = waiting.get(order);
        if (found == null) {
            throw new AssertionError("nothing waits that came at offset " + order);
        }
        return found;
    }

    /** Whether this one still waits. */
    boolean isWaiting(Waiting one) {
        return waiting.get(one.order) == one;
    }

    int waitingCount() {
        return waiting.size();
    }

    /** The payload bytes of all that waits. */
    long waitingBytes() {
        return waitingBytes;
    }

    KeyTable keys() {
        return keys;
    }

    /** The marks, as records that say them again. */
    List<WalRecord> marks() {
        return origins.marks();
    }

    /** What is known of a handled key, as a record that says it again. */
    WalRecord remembered(int slot) {
        return new WalRecord.Remembered(
                keys.key(slot),
                keys.fingerprint(slot),
                origins.name(keys.originNumber(slot)),
                keys.createdAtMs(slot),
                keys.handledAtMs(slot));
    }

    /** Whether an unknown operation may be one that was forgotten. */
    boolean mayBeForgotten(String origin, long createdAtMs) {
        return createdAtMs > 0 && createdAtMs <= origins.mark(origin);
    }

    /**
     * Drops the keys of what was handled before the given time.
     *
     * @return the marks that rose by it, to be logged
     */
    List<WalRecord> forgetHandledBefore(long timeMs) {
        TreeMap<Integer, Long> latest = new TreeMap<>();
        keys.slots()
                .filter(slot -> keys.wasHandledBefore(slot, timeMs))
                .forEach(slot -> latest.merge(keys.originNumber(slot), keys.createdAtMs(slot), Math::max));
        if (latest.isEmpty()) {
            return List.of();
        }
        keys.forgetHandledBefore(timeMs);
        List<WalRecord> risen = new ArrayList<>();
        latest.forEach((origin, createdAtMs) -> {
            if (origins.raise(origin, createdAtMs)) {
                risen.add(new WalRecord.Forgotten(origins.name(origin), createdAtMs));
            }
        });
        return risen;
    }
}
