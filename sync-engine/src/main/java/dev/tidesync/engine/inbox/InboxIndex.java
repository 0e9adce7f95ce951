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
        keys.put(
                received.key(),
                received.fingerprint(),
                origins.numberOf(received.origin()),
                CreationTime.of(operation, received.atMs()),
                offset);
        waiting.put(
                offset,
                new Waiting(
                        received.key(),
                        operation.kind(),
                        operation.orderingKey().isEmpty()
                                ? Waiting.NO_LANE
                                : Digests.lane(received.origin(), operation.orderingKey()),
                        operation.payloadSize(),
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
            Waiting known = waiting.remove(keys.offset(slot));
            waitingBytes -= known == null ? 0 : known.payloadBytes;
        }
    }

    /** What waits, in the order it came. */
    List<Waiting> waiting() {
        return new ArrayList<>(waiting.values());
    }

    /** What waits and lies at this offset. */
    Waiting waitingAt(long at) {
        Waiting found = waiting.get(at);
        if (found == null) {
            throw new AssertionError("nothing waits at offset " + at);
        }
        return found;
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
