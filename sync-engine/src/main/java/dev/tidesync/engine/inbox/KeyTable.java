package dev.tidesync.engine.inbox;

import dev.tidesync.engine.wal.InboxKey;
import java.util.stream.IntStream;

/**
 * Every key that an inbox remembers: a hash table in arrays, 44 bytes a slot and at most two slots in three in use, so
 * 66 to 132 bytes a key. Not safe for use by several threads.
 *
 * <p>A slot number is good until the next {@link #put} or {@link #forgetHandledBefore}.
 */
final class KeyTable {
    private static final int FIRST_SLOTS = 64;
    private static final int MOST_SLOTS = 1 << 28;
    /** 2^64 divided by the golden ratio: spreads neighbouring numbers (Knuth, vol. 3, 6.4). */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Unknown to senders, so that none can choose keys that meet in one place. */
    private final long seed;

    private int used;
    private int moves;
    private long[] high = new long[FIRST_SLOTS];
    private long[] low = new long[FIRST_SLOTS];
    private long[] fingerprint = new long[FIRST_SLOTS];
    /** When it was handled; for one that waits, the complement of the offset its record had at first. */
    private long[] state = new long[FIRST_SLOTS];

    private long[] createdAtMs = new long[FIRST_SLOTS];
    /** The origin's number plus one; 0 is a free slot. */
    private int[] origin = new int[FIRST_SLOTS];

    KeyTable(long seed) {
        this.seed = seed;
    }

    /** The key's slot; negative if it is not there. */
    int find(InboxKey key) {
        int slot = slotOf(key.high(), key.low());
        return origin[slot] == 0 ? -1 : slot;
    }

    /** Where the key is, or would be put. */
    private int slotOf(long keyHigh, long keyLow) {
        int mask = origin.length - 1;
        int slot = (int) ((((keyLow ^ seed) + keyHigh) * SPREAD) >>> 32) & mask;
        while (origin[slot] != 0 && (high[slot] != keyHigh || low[slot] != keyLow)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Puts a key in, as one that waits, or over what was known of it; returns its slot. */
    int put(InboxKey key, long newFingerprint, int originNumber, long newCreatedAtMs, long order) {
        if (used >= origin.length / 3 * 2) {
            rebuild(Math.multiplyExact(origin.length, 2), Long.MIN_VALUE);
        }
        int slot = slotOf(key.high(), key.low());
        if (origin[slot] == 0) {
            used++;
        }
        high[slot] = key.high();
        low[slot] = key.low();
        fingerprint[slot] = newFingerprint;
        origin[slot] = originNumber + 1;
        createdAtMs[slot] = newCreatedAtMs;
        state[slot] = ~order;
        return slot;
    }

    /** Drops every key that was handled before this time. */
    void forgetHandledBefore(long timeMs) {
        rebuild(origin.length, timeMs);
    }

    private void rebuild(int slots, long earliestMs) {
        if (slots > MOST_SLOTS) {
            throw new IllegalStateException("an inbox remembers at most " + MOST_SLOTS / 3 * 2 + " keys");
        }
        KeyTable old = new KeyTable(seed);
        old.take(this);
        used = 0;
        moves++;
        allocate(slots);
        for (int slot = 0; slot < old.origin.length; slot++) {
            if (old.origin[slot] != 0 && !old.wasHandledBefore(slot, earliestMs)) {
                move(old, slot);
            }
        }
    }

    private void take(KeyTable other) {
        high = other.high;
        low = other.low;
        fingerprint = other.fingerprint;
        state = other.state;
        createdAtMs = other.createdAtMs;
        origin = other.origin;
    }

    private void allocate(int slots) {
        high = new long[slots];
        low = new long[slots];
        fingerprint = new long[slots];
        state = new long[slots];
        createdAtMs = new long[slots];
        origin = new int[slots];
    }

    private void move(KeyTable from, int at) {
        int slot = slotOf(from.high[at], from.low[at]);
        used++;
        high[slot] = from.high[at];
        low[slot] = from.low[at];
        fingerprint[slot] = from.fingerprint[at];
        state[slot] = from.state[at];
        createdAtMs[slot] = from.createdAtMs[at];
        origin[slot] = from.origin[at];
    }

    void handled(int slot, long atMs) {
        state[slot] = atMs;
    }

    boolean isHandled(int slot) {
        return state[slot] >= 0;
    }

    long handledAtMs(int slot) {
        return state[slot];
    }

    boolean wasHandledBefore(int slot, long timeMs) {
        return isHandled(slot) && handledAtMs(slot) < timeMs;
    }

    /** The place of one that waits: where its record lay at first. */
    long order(int slot) {
        return ~state[slot];
    }

    long fingerprint(int slot) {
        return fingerprint[slot];
    }

    long createdAtMs(int slot) {
        return createdAtMs[slot];
    }

    int originNumber(int slot) {
        return origin[slot] - 1;
    }

    /** How many keys there are. */
    int size() {
        return used;
    }

    InboxKey key(int slot) {
        return new InboxKey(high[slot], low[slot]);
    }

    /** One more than the greatest slot number there may be; it changes when slots move. */
    int slotLimit() {
        return origin.length;
    }

    /** Whether the slot holds a key. */
    boolean isUsed(int slot) {
        return origin[slot] != 0;
    }

    /** How often slots have moved. */
    int moves() {
        return moves;
    }

    /** The slots in use, in no order. */
    IntStream slots() {
        return IntStream.range(0, origin.length).filter(slot -> origin[slot] != 0);
    }
}
