package dev.tidesync.engine.store;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/**
 * Finds rows by a hash of what they are known by: extendible hashing over pages in {@link Slots}. Growing splits one
 * page of a hundred rows at a time, so that it stops nobody; the directory of pages, on the heap, takes a few bytes a
 * page. A page keeps eight bits of each hash beside the row, so that a look-up reads hardly any row but the right one.
 *
 * <p>The hash must be one that nobody can steer, such as {@link HashKey}'s: rows that share all its bits would not fit
 * a page. Not safe for use by several threads.
 *
 * <pre>
 * page: 0 count | 4 depth | 8 hash bits, one byte a row | 112 row, row, …
 * </pre>
 */
final class SlotTable {
    /** Bytes a page. */
    static final int PAGE_BYTES = 512;

    private static final int COUNT_AT = 0;
    private static final int DEPTH_AT = 4;
    private static final int TAGS_AT = 8;
    private static final int CAPACITY = 100;
    private static final int ROWS_AT = TAGS_AT + 104; // tags are read eight at a time
    private static final int TAG_SHIFT = Long.SIZE - Byte.SIZE;
    private static final int MAX_DEPTH = 28;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private final Slots pages = new Slots(PAGE_BYTES);
    private final IntToLongFunction hashOf;
    private int depth;
    private int[] directory = {newPage(0)};
    private int size;

    /** An empty table of rows that have these hashes. */
    SlotTable(IntToLongFunction hashOf) {
        this.hashOf = hashOf;
    }

    /** The row with this hash that is the right one; {@link Slots#NONE} if there is none. */
    int find(long hash, IntPredicate isRight) {
        int page = pageOf(hash);
        int count = count(page);
        long pattern = (hash >>> TAG_SHIFT) * LOW_BITS;
        for (int from = 0; from < count; from += Long.BYTES) {
            long difference = pages.getLong(page, TAGS_AT + from) ^ pattern;
            long matches = (difference - LOW_BITS) & ~difference & HIGH_BITS; // may show some too many
            while (matches != 0) {
                int index = from + Long.numberOfTrailingZeros(matches) / Byte.SIZE;
                if (index < count) {
                    int row = row(page, index);
                    if (isRight.test(row)) {
                        return row;
                    }
                }
                matches &= matches - 1;
            }
        }
        return Slots.NONE;
    }

    /** Adds a row that is not in the table. */
    void add(int row) {
        long hash = hashOf.applyAsLong(row);
        int page = pageOf(hash);
        while (count(page) == CAPACITY) {
            split(page, hash);
            page = pageOf(hash);
        }
        append(page, tag(hash), row);
        size++;
    }

    private void split(int page, long hash) {
        int pageDepth = pages.getInt(page, DEPTH_AT);
        if (pageDepth == MAX_DEPTH) {
            throw new AssertionError("hashes of " + size + " rows share " + MAX_DEPTH + " bits with each other");
        }
        if (pageDepth == depth) {
            int half = directory.length;
            directory = Arrays.copyOf(directory, 2 * half);
            System.arraycopy(directory, 0, directory, half, half);
            depth++;
        }
        int other = newPage(pageDepth + 1);
        pages.setInt(page, DEPTH_AT, pageDepth + 1);
        int bit = 1 << pageDepth;
        for (int i = ((int) hash & (bit - 1)) | bit; i < directory.length; i += 2 * bit) {
            directory[i] = other;
        }
        distribute(page, other, bit);
    }

    private void distribute(int page, int other, int bit) {
        int count = count(page);
        pages.setInt(page, COUNT_AT, 0);
        for (int i = 0; i < count; i++) {
            int row = row(page, i);
            long hash = hashOf.applyAsLong(row);
            append((hash & bit) == 0 ? page : other, tag(hash), row);
        }
    }

    private void append(int page, byte tag, int row) {
        int count = count(page);
        pages.setByte(page, TAGS_AT + count, tag);
        pages.setInt(page, ROWS_AT + count * Integer.BYTES, row);
        pages.setInt(page, COUNT_AT, count + 1);
    }

    /** Removes a row that is in the table, while its hash is still that which it was added with. */
    void remove(int row) {
        int page = pageOf(hashOf.applyAsLong(row));
        int last = count(page) - 1;
        int index = last;
        while (row(page, index) != row) {
            index--;
        }
        pages.setByte(page, TAGS_AT + index, pages.getByte(page, TAGS_AT + last));
        pages.setInt(page, ROWS_AT + index * Integer.BYTES, row(page, last));
        pages.setInt(page, COUNT_AT, last);
        size--;
    }

    int size() {
        return size;
    }

    /** How much memory the table takes outside of the heap. */
    long bytes() {
        return pages.bytes();
    }

    private int newPage(int pageDepth) {
        int page = pages.take();
        pages.setInt(page, COUNT_AT, 0);
        pages.setInt(page, DEPTH_AT, pageDepth);
        return page;
    }

    private int pageOf(long hash) {
        return directory[(int) hash & (directory.length - 1)];
    }

    private static byte tag(long hash) {
        return (byte) (hash >>> TAG_SHIFT);
    }

    private int count(int page) {
        return pages.getInt(page, COUNT_AT);
    }

    private int row(int page, int index) {
        return pages.getInt(page, ROWS_AT + index * Integer.BYTES);
    }
}
