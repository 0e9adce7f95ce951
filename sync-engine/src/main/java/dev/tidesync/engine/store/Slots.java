package dev.tidesync.engine.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rows of one size, addressed by number, in memory outside of the heap: a row costs its bytes and nothing more, and the
 * garbage collector never looks at it. A freed row is the next to be taken, so the same changes give the same numbers.
 *
 * <p>Memory is taken chunk by chunk and never given back; growing copies nothing once the first chunk is full, so it
 * stops nobody. A row that was taken holds what its last user left. Until the first chunk is full it lies on the heap,
 * so that a small outbox needs no direct memory.
 *
 * <p>Not safe for use by several threads.
 */
final class Slots {
    /** In place of the number of a row: there is none. */
    static final int NONE = -1;

    private static final int FIRST_ROWS = 8;
    private static final int CHUNK_BYTES = 1 << 20;

    private final int rowBytes;
    private final int chunkShift;
    private final int chunkMask;
    private ByteBuffer[] chunks = {};
    private int capacity;
    private int created;
    private int firstFree = NONE;
    private int used;

    /** No rows yet; each will have this many bytes, at least four. */
    Slots(int rowBytes) {
        this.rowBytes = rowBytes;
        this.chunkShift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(CHUNK_BYTES / rowBytes);
        this.chunkMask = (1 << chunkShift) - 1;
    }

    /** A row that nobody uses. */
    int take() {
        used++;
        if (firstFree == NONE) {
            if (created == capacity) {
                grow();
            }
            return created++;
        }
        int slot = firstFree;
        firstFree = getInt(slot, 0);
        return slot;
    }

    /** Gives a row back; its first four bytes are overwritten. */
    void free(int slot) {
        setInt(slot, 0, firstFree);
        firstFree = slot;
        used--;
    }

    private void grow() {
        int chunkRows = chunkMask + 1;
        if (capacity < chunkRows) {
            growFirstChunk(Math.min(chunkRows, Math.max(FIRST_ROWS, 2 * capacity)));
        } else {
            ByteBuffer[] more = Arrays.copyOf(chunks, chunks.length + 1);
            more[chunks.length] = chunk(chunkRows);
            chunks = more;
            capacity = Math.addExact(capacity, chunkRows);
        }
    }

    private void growFirstChunk(int rows) {
        ByteBuffer larger = chunk(rows);
        if (capacity > 0) {
            larger.put(0, chunks[0], 0, capacity * rowBytes);
        }
        chunks = new ByteBuffer[] {larger};
        capacity = rows;
    }

    private ByteBuffer chunk(int rows) {
        int bytes = rows * rowBytes;
        ByteBuffer chunk = rows <= chunkMask ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
        return chunk.order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer chunkOf(int slot) {
        return chunks[slot >>> chunkShift];
    }

    private int at(int slot, int offset) {
        return (slot & chunkMask) * rowBytes + offset;
    }

    byte getByte(int slot, int offset) {
        return chunkOf(slot).get(at(slot, offset));
    }

    void setByte(int slot, int offset, byte value) {
        chunkOf(slot).put(at(slot, offset), value);
    }

    int getInt(int slot, int offset) {
        return chunkOf(slot).getInt(at(slot, offset));
    }

    void setInt(int slot, int offset, int value) {
        chunkOf(slot).putInt(at(slot, offset), value);
    }

    long getLong(int slot, int offset) {
        return chunkOf(slot).getLong(at(slot, offset));
    }

    void setLong(int slot, int offset, long value) {
        chunkOf(slot).putLong(at(slot, offset), value);
    }

    void getBytes(int slot, int offset, byte[] to, int toOffset, int length) {
        chunkOf(slot).get(at(slot, offset), to, toOffset, length);
    }

    void setBytes(int slot, int offset, byte[] from, int fromOffset, int length) {
        chunkOf(slot).put(at(slot, offset), from, fromOffset, length);
    }

    /** Copies bytes within the store of rows; the stretches may overlap. */
    void copy(int fromSlot, int fromOffset, int toSlot, int toOffset, int length) {
        chunkOf(toSlot).put(at(toSlot, toOffset), chunkOf(fromSlot), at(fromSlot, fromOffset), length);
    }

    /** How many rows are taken. */
    int used() {
        return used;
    }

    /** How many rows were ever taken at once: every number lies below. */
    int created() {
        return created;
    }

    /** How much memory the rows take, free ones included. */
    long bytes() {
        return (long) capacity * rowBytes;
    }
}
