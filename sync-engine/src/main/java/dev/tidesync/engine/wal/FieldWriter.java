package dev.tidesync.engine.wal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A growing array of bytes that tagged fields are written to, in the Protocol Buffers wire format
 * (protobuf.dev/programming-guides/encoding): varint and length-delimited fields only. As in proto3, a field that has
 * its default — 0, false, empty — is left out. Confined to one thread.
 */
final class FieldWriter {
    static final int VARINT = 0;
    static final int LENGTH_DELIMITED = 2;

    /** Seven bits each: enough for 63. */
    private static final int PADDED_VARINT_BYTES = 9;

    private byte[] bytes;
    private int size;

    FieldWriter(int initialCapacity) {
        this.bytes = new byte[initialCapacity];
    }

    void number(int tag, long value) {
        if (value != 0) {
            key(tag, VARINT);
            varint(value);
        }
    }

    void flag(int tag, boolean value) {
        number(tag, value ? 1 : 0);
    }

    void text(int tag, String value) {
        if (!value.isEmpty()) {
            element(tag, value);
        }
    }

    /** A text that is written even if it is empty, as one of a repeated field must be. */
    void element(int tag, String value) {
        int length = Utf8.length(value);
        key(tag, LENGTH_DELIMITED);
        varint(length);
        ensure(length);
        Utf8.write(value, length, bytes, size);
        size += length;
    }

    /** An operation's id, in the shortest form there is. */
    void id(String value) {
        if (CompactId.isCanonical(value)) {
            key(Tag.COMPACT_ID, LENGTH_DELIMITED);
            varint(CompactId.BYTES);
            int at = zeros(CompactId.BYTES); // may replace the array
            CompactId.write(value, bytes, at);
        } else {
            element(Tag.ID, value);
        }
    }

    void blob(int tag, ByteBuffer value) {
        int length = value.remaining();
        key(tag, LENGTH_DELIMITED);
        varint(length);
        ensure(length);
        value.get(bytes, size, length);
        size += length;
    }

    /** A message of two texts, either of which may be empty. */
    void pair(int tag, int firstTag, String first, int secondTag, String second) {
        key(tag, LENGTH_DELIMITED);
        varint(textSize(firstTag, first) + textSize(secondTag, second));
        text(firstTag, first);
        text(secondTag, second);
    }

    private static long textSize(int tag, String value) {
        int length = Utf8.length(value);
        return length == 0 ? 0 : varintSize((long) tag << 3) + varintSize(length) + length;
    }

    private static long varintSize(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** Bits that are no number and would be long as one, such as those of a digest; big-endian. */
    void longs(int tag, long... values) {
        ByteBuffer bits = ByteBuffer.allocate(values.length * Long.BYTES);
        for (long value : values) {
            bits.putLong(value);
        }
        blob(tag, bits.flip());
    }

    /**
     * Leaves room for a number that is known later, and returns where {@link #fillNumber} puts it. Its varint has a
     * fixed length, which readers of the format take like any other.
     */
    int roomForNumber(int tag) {
        key(tag, VARINT);
        return zeros(PADDED_VARINT_BYTES);
    }

    /** Fills in a number that is not negative. */
    void fillNumber(int at, long value) {
        int last = at + PADDED_VARINT_BYTES - 1;
        long rest = value;
        for (int i = at; i < last; i++) {
            bytes[i] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[last] = (byte) rest;
    }

    /** Bytes that are fields already. */
    void raw(byte[] source, int from, int length) {
        ensure(length);
        System.arraycopy(source, from, bytes, size, length);
        size += length;
    }

    private void key(int tag, int wireType) {
        varint((long) tag << 3 | wireType);
    }

    private void varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Adds {@code count} zero bytes and returns where they begin. */
    int zeros(int count) {
        ensure(count);
        int at = size;
        Arrays.fill(bytes, at, at + count, (byte) 0);
        size += count;
        return at;
    }

    private void ensure(int more) {
        int needed = Math.addExact(size, more);
        if (needed > bytes.length) {
            int doubled = (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8);
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }

    /** Drops everything from {@code newSize} on. */
    void shrink(int newSize) {
        size = newSize;
    }

    int size() {
        return size;
    }

    /** The array itself, valid up to {@link #size()} and until the next write. */
    byte[] array() {
        return bytes;
    }
}
