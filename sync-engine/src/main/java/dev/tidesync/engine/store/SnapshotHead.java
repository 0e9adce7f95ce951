package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogMark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a snapshot of the index says of itself before its first block.
 *
 * <pre>
 *         0        1        2        3        4        5        6        7
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *  0 | magic "TIDEIDX" and 0x1A                                              |
 *  8 | version (2)     | 0 (2)           | flags (4)                         |
 * 16 | length of the head (4)            | segments (4)                      |
 * 24 | store id, 16 bytes: the high half,                                    |
 * 32 |                     then the low half of the UUID                     |
 * 40 | logical offset of the mark                                            |
 * 48 | incarnation                                                           |
 * 56 | latest time                                                           |
 * 64 | operations                                                            |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * 72 | per segment: number (8), base (8), salt (4), 0 (4), bytes (8) …       |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 *    | 0 (4)                             | CRC32C of all before              |
 *    +--------+--------+--------+--------+--------+--------+--------+--------+
 * </pre>
 *
 * All numbers are little-endian.
 *
 * @param mark the place in the log up to which the snapshot knows everything
 * @param incarnation how often the store had been opened
 * @param latestMs the latest time that anybody had named
 * @param operations how many follow
 */
record SnapshotHead(LogMark mark, long incarnation, long latestMs, long operations) {
    static final int VERSION = 1;
    /** Enough to read the length of the whole. */
    static final int FIRST_BYTES = 72;

    private static final byte[] MAGIC = "TIDEIDX\u001a".getBytes(StandardCharsets.US_ASCII);
    private static final int SEGMENT_BYTES = 32;
    private static final int LAST_BYTES = 8;
    private static final int MAX_BYTES = 64 * 1024 * 1024;

    byte[] encode() {
        int length = FIRST_BYTES + mark.segments().size() * SEGMENT_BYTES + LAST_BYTES;
        ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).putShort((short) VERSION).putShort((short) 0).putInt(0);
        out.putInt(length).putInt(mark.segments().size());
        out.putLong(mark.storeId().getMostSignificantBits());
        out.putLong(mark.storeId().getLeastSignificantBits());
        out.putLong(mark.offset()).putLong(incarnation).putLong(latestMs).putLong(operations);
        for (LogMark.Part part : mark.segments()) {
            out.putLong(part.number()).putLong(part.base()).putInt(part.salt()).putInt(0);
            out.putLong(part.bytes());
        }
        out.putInt(0).putInt(checksum(out.array()));
        return out.array();
    }

    /**
     * How long a head is that begins with these bytes.
     *
     * @throws UnusableSnapshotException if it is no head, or one of another version
     */
    static int length(byte[] first) throws UnusableSnapshotException {
        if (!Arrays.equals(first, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new UnusableSnapshotException("it does not begin as one");
        }
        ByteBuffer in = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).position(MAGIC.length);
        int version = Short.toUnsignedInt(in.getShort());
        int reserved = in.getShort();
        int flags = in.getInt();
        if (version != VERSION || reserved != 0 || flags != 0) {
            throw new UnusableSnapshotException("expected version " + VERSION + " without flags but was version "
                    + version + " with flags " + flags);
        }
        int length = in.getInt();
        long expected = FIRST_BYTES + (long) in.getInt() * SEGMENT_BYTES + LAST_BYTES;
        if (length != expected || length > MAX_BYTES) {
            throw new UnusableSnapshotException("its head is damaged");
        }
        return length;
    }

    /** Reads a head of which {@link #length} has been asked. */
    static SnapshotHead decode(byte[] bytes) throws UnusableSnapshotException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt(bytes.length - Integer.BYTES) != checksum(bytes) || in.getInt(bytes.length - LAST_BYTES) != 0) {
            throw new UnusableSnapshotException("its head is damaged");
        }
        in.position(MAGIC.length + 2 * Integer.BYTES + Integer.BYTES);
        int count = in.getInt();
        UUID storeId = new UUID(in.getLong(), in.getLong());
        long offset = in.getLong();
        long incarnation = in.getLong();
        long latestMs = in.getLong();
        long operations = in.getLong();
        List<LogMark.Part> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long number = in.getLong();
            long base = in.getLong();
            int salt = in.getInt();
            in.getInt();
            segments.add(new LogMark.Part(number, base, salt, in.getLong()));
        }
        return new SnapshotHead(new LogMark(storeId, offset, segments), incarnation, latestMs, operations);
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
