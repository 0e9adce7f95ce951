package dev.tidesync.engine.wal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a segment says of itself before its first record. It is written twice, in a disk sector each, since a sector is
 * what a disk loses at a time; either copy is enough.
 *
 * <pre>
 *         0        1        2        3        4        5        6        7
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *  0 | magic "TIDEWAL" and 0x1A                                              |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *  8 | version         | header length   | flags                             |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 16 | segment number                                                        |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 24 | base: the logical offset of the first record                          |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 32 | store id, 16 bytes: the high half,                                    |
 * 40 |                     then the low half of the UUID                     |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 48 | salt                              | 0                                 |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 56 | created, milliseconds since 1970                                      |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 64 | predecessor: number of the segment before this one, 0 for none        |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 72 | cut from: offsets from here up to base are void (section "Recovery")  |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 80 | id of the key, 0 where nothing is encrypted                           |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 88 | salt of the segment's key, 16 random bytes, or 0                      |
 * 96 |                                                                       |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 104 | 0 …                                      508 | CRC32C of bytes 0–507 |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * All numbers are little-endian. Version, length and checksum stay where they are in every version to come.
 */
record SegmentHeader(
        long number,
        long base,
        UUID storeId,
        int salt,
        long createdAtMs,
        long predecessor,
        long cutFrom,
        int flags,
        long keyId,
        UUID keySalt) {
    /** The newest version; {@link #PLAIN_VERSION} where no flag is set, so that older programs can read it. */
    static final int VERSION = 3;

    private static final int PLAIN_VERSION = 2;
    /** Of {@link #flags}: records are encrypted. */
    static final int ENCRYPTED = 1;
    /** Of {@link #flags}: payloads may be compressed. */
    static final int COMPRESSED = 2;

    private static final int KNOWN_FLAGS = ENCRYPTED | COMPRESSED;
    private static final UUID NO_SALT = new UUID(0, 0);

    static final int COPY_BYTES = 512;
    static final int COPIES = 2;
    /** Where the first record begins. */
    static final int BYTES = COPIES * COPY_BYTES;

    private static final byte[] MAGIC = "TIDEWAL\u001a".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 8;
    private static final int LENGTH_AT = 10;
    private static final int FLAGS_AT = 12;
    private static final int NUMBER_AT = 16;
    private static final int BASE_AT = 24;
    private static final int STORE_ID_AT = 32;
    private static final int SALT_AT = 48;
    private static final int CREATED_AT = 56;
    private static final int PREDECESSOR_AT = 64;
    private static final int CUT_FROM_AT = 72;
    private static final int KEY_ID_AT = 80;
    private static final int KEY_SALT_AT = 88;
    private static final int CHECKSUM_AT = COPY_BYTES - Integer.BYTES;

    /** A header without flags. */
    SegmentHeader(long number, long base, UUID storeId, int salt, long createdAtMs, long predecessor, long cutFrom) {
        this(number, base, storeId, salt, createdAtMs, predecessor, cutFrom, 0, 0, NO_SALT);
    }

    /** Both copies, as they stand at the beginning of the file. */
    byte[] encode() {
        byte[] bytes = new byte[BYTES];
        System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
        LittleEndian.putShort(bytes, VERSION_AT, flags == 0 ? PLAIN_VERSION : VERSION);
        LittleEndian.putShort(bytes, LENGTH_AT, COPY_BYTES);
        LittleEndian.putInt(bytes, FLAGS_AT, flags);
        LittleEndian.putLong(bytes, NUMBER_AT, number);
        LittleEndian.putLong(bytes, BASE_AT, base);
        LittleEndian.putLong(bytes, STORE_ID_AT, storeId.getMostSignificantBits());
        LittleEndian.putLong(bytes, STORE_ID_AT + Long.BYTES, storeId.getLeastSignificantBits());
        LittleEndian.putInt(bytes, SALT_AT, salt);
        LittleEndian.putLong(bytes, CREATED_AT, createdAtMs);
        LittleEndian.putLong(bytes, PREDECESSOR_AT, predecessor);
        LittleEndian.putLong(bytes, CUT_FROM_AT, cutFrom);
        LittleEndian.putLong(bytes, KEY_ID_AT, keyId);
        LittleEndian.putLong(bytes, KEY_SALT_AT, keySalt.getMostSignificantBits());
        LittleEndian.putLong(bytes, KEY_SALT_AT + Long.BYTES, keySalt.getLeastSignificantBits());
        LittleEndian.putInt(bytes, CHECKSUM_AT, checksum(bytes, 0));
        System.arraycopy(bytes, 0, bytes, COPY_BYTES, COPY_BYTES);
        return bytes;
    }

    /** Whether the copy that begins at {@code at} is whole. */
    static boolean isIntact(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)
                && LittleEndian.getInt(bytes, at + CHECKSUM_AT) == checksum(bytes, at);
    }

    /**
     * Reads the intact copy that begins at {@code at}.
     *
     * @throws WalFormatException if a newer version wrote it
     */
    static SegmentHeader decode(byte[] bytes, int at, String file) throws WalFormatException {
        int version = LittleEndian.getUnsignedShort(bytes, at + VERSION_AT);
        int flags = LittleEndian.getInt(bytes, at + FLAGS_AT);
        if (version > VERSION || (version < VERSION ? flags : flags & ~KNOWN_FLAGS) != 0) {
            throw new WalFormatException(file + " cannot be read: expected log format version " + VERSION
                    + " with flags " + KNOWN_FLAGS + " at most but was version " + version + " with flags " + flags
                    + "; use the version of Tidesync that wrote it, or a newer one");
        }
        return new SegmentHeader(
                LittleEndian.getLong(bytes, at + NUMBER_AT),
                LittleEndian.getLong(bytes, at + BASE_AT),
                new UUID(
                        LittleEndian.getLong(bytes, at + STORE_ID_AT),
                        LittleEndian.getLong(bytes, at + STORE_ID_AT + Long.BYTES)),
                LittleEndian.getInt(bytes, at + SALT_AT),
                LittleEndian.getLong(bytes, at + CREATED_AT),
                LittleEndian.getLong(bytes, at + PREDECESSOR_AT),
                LittleEndian.getLong(bytes, at + CUT_FROM_AT),
                flags,
                LittleEndian.getLong(bytes, at + KEY_ID_AT),
                new UUID(
                        LittleEndian.getLong(bytes, at + KEY_SALT_AT),
                        LittleEndian.getLong(bytes, at + KEY_SALT_AT + Long.BYTES)));
    }

    private static int checksum(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at, CHECKSUM_AT);
        return (int) crc.getValue();
    }

    /** Whether its records are encrypted. */
    boolean isEncrypted() {
        return (flags & ENCRYPTED) != 0;
    }

    /** Whether its records may hold compressed payloads. */
    boolean mayHoldCompressed() {
        return (flags & COMPRESSED) != 0;
    }

    /** Whether recovery opened this segment, to put what it found beyond the last watermark on firm ground. */
    boolean followsRecovery() {
        return cutFrom < base;
    }

    /** The place in the file of a logical offset. */
    long positionOf(long offset) {
        return offset - base + BYTES;
    }

    /** The logical offset of a place in the file. */
    long offsetOf(long position) {
        return position - BYTES + base;
    }
}
