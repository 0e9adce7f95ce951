package dev.tidesync.engine.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads tagged fields, one after another, from the Protocol Buffers wire format
 * (protobuf.dev/programming-guides/encoding). Confined to one thread.
 *
 * <p>Every method throws {@link IllegalArgumentException} if the bytes are not such fields; no length is trusted before
 * it is checked.
 */
final class FieldReader {
    private static final int FIXED_64 = 1;
    private static final int FIXED_32 = 5;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int wireType;

    FieldReader(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    boolean hasNext() {
        return at < end;
    }

    /** Goes to the next field and returns its tag; its value must be read, or skipped, before the next call. */
    int next() {
        long key = varint();
        wireType = (int) (key & 7);
        long tag = key >>> 3;
        if (tag == 0 || tag > 0x1FFF_FFFF) {
            throw new IllegalArgumentException("field tag must be 1 to 536870911, was: " + tag);
        }
        return (int) tag;
    }

    long number() {
        require(FieldWriter.VARINT);
        return varint();
    }

    boolean flag() {
        return number() != 0;
    }

    int count() {
        long count = number();
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("count must be 0 to 2147483647, was: " + count);
        }
        return (int) count;
    }

    String text() {
        int length = length();
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    /** An id of 16 bytes. */
    String compactId() {
        int length = length();
        if (length != CompactId.BYTES) {
            throw new IllegalArgumentException("compact id must have 16 bytes, had: " + length);
        }
        at += length;
        return CompactId.read(bytes, at - length);
    }

    byte[] blob() {
        int length = length();
        byte[] blob = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return blob;
    }

    /** Exactly so many times 64 bits, as {@link FieldWriter#longs} wrote them. */
    long[] longs(int count) {
        byte[] blob = blob();
        if (blob.length != count * Long.BYTES) {
            throw new IllegalArgumentException("expected " + count * Long.BYTES + " bytes but found " + blob.length);
        }
        long[] values = new long[count];
        java.nio.ByteBuffer.wrap(blob).asLongBuffer().get(values);
        return values;
    }

    FieldReader message() {
        int length = length();
        FieldReader inner = new FieldReader(bytes, at, length);
        at += length;
        return inner;
    }

    void skip() {
        switch (wireType) {
            case FieldWriter.VARINT -> varint();
            case FieldWriter.LENGTH_DELIMITED -> message();
            case FIXED_64 -> advance(8);
            case FIXED_32 -> advance(4);
            default -> throw new IllegalArgumentException("wire type must be 0, 1, 2 or 5, was: " + wireType);
        }
    }

    private int length() {
        require(FieldWriter.LENGTH_DELIMITED);
        long length = varint();
        if (length < 0 || length > end - at) {
            throw new IllegalArgumentException("field length must be at most " + (end - at) + ", was: " + length);
        }
        return (int) length;
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw new IllegalArgumentException("wire type must be " + expected + ", was: " + wireType);
        }
    }

    private void advance(int count) {
        if (count > end - at) {
            throw new IllegalArgumentException("field of " + count + " bytes ends after " + (end - at));
        }
        at += count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            advance(1);
            byte next = bytes[at - 1];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("varint is longer than 10 bytes");
    }
}
