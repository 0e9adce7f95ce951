package dev.tidesync.engine.wal;

import java.util.zip.CRC32C;

/**
 * The bytes around a record's body. Frames stand at multiples of 8 and follow each other without a gap.
 *
 * <pre>
 *         0        1        2        3        4        5        6        7
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *  0 | length of the body                | checksum                          |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *  8 | type   | flags                    | low half of the logical offset    |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 16 | body: tagged fields …                          0 up to a multiple of 8 |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * The checksum is CRC32C over the segment's salt, the whole logical offset, and the frame without the checksum itself.
 * So a frame verifies only where it was written: not inside another record's payload, not in a file that is used again.
 * Eight zero bytes where a frame would begin are space that was never written.
 *
 * <p>An instance is confined to one thread.
 */
final class FrameFormat {
    static final int ALIGNMENT = 8;
    static final int HEADER_BYTES = 16;
    static final int CHECKSUM_AT = 4;

    private static final int AFTER_CHECKSUM_AT = 8;
    private static final int SEED_BYTES = Integer.BYTES + Long.BYTES + CHECKSUM_AT;
    private static final int TYPE_AT = 8;
    private static final int OFFSET_LOW_AT = 12;

    private final CRC32C crc = new CRC32C();
    /**
     * Salt, offset and the frame's first bytes in one piece: each piece costs as much as a hundred bytes of content.
     */
    private final byte[] seed = new byte[SEED_BYTES];

    /** How much room a frame takes, padding included. */
    static long sizeOf(long bodyLength) {
        return align(HEADER_BYTES + bodyLength);
    }

    static long align(long value) {
        return (value + ALIGNMENT - 1) & -ALIGNMENT;
    }

    static long bodyLength(byte[] bytes, int at) {
        return Integer.toUnsignedLong(LittleEndian.getInt(bytes, at));
    }

    static int type(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at + TYPE_AT]);
    }

    /** The three flag bytes as one number; this version sets none. */
    static int flags(byte[] bytes, int at) {
        return LittleEndian.getInt(bytes, at + TYPE_AT) >>> Byte.SIZE;
    }

    static int storedChecksum(byte[] bytes, int at) {
        return LittleEndian.getInt(bytes, at + CHECKSUM_AT);
    }

    /**
     * Whether the frame header at {@code at} could have been written at this offset: a cheap test before the real one.
     */
    static boolean claimsOffset(byte[] bytes, int at, long offset) {
        return LittleEndian.getInt(bytes, at + OFFSET_LOW_AT) == (int) offset;
    }

    /** Writes a frame header whose offset and checksum are filled in by {@link #seal}. */
    static void begin(byte[] bytes, int at, int type, int flags, int bodyLength) {
        LittleEndian.putInt(bytes, at, bodyLength);
        LittleEndian.putInt(bytes, at + TYPE_AT, type | flags << Byte.SIZE);
    }

    /** Fits a frame to its place. */
    void seal(byte[] bytes, int at, int size, int salt, long offset) {
        LittleEndian.putInt(bytes, at + OFFSET_LOW_AT, (int) offset);
        LittleEndian.putInt(bytes, at + CHECKSUM_AT, checksum(bytes, at, size, salt, offset));
    }

    int checksum(byte[] bytes, int at, int size, int salt, long offset) {
        LittleEndian.putInt(seed, 0, salt);
        LittleEndian.putLong(seed, Integer.BYTES, offset);
        System.arraycopy(bytes, at, seed, Integer.BYTES + Long.BYTES, CHECKSUM_AT);
        crc.reset();
        crc.update(seed);
        crc.update(bytes, at + AFTER_CHECKSUM_AT, size - AFTER_CHECKSUM_AT);
        return (int) crc.getValue();
    }
}
