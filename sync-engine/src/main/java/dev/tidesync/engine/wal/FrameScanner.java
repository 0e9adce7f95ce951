package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Goes through the frames of one segment, in order. Where a frame does not verify it looks for the next one that does,
 * at each multiple of 8, and tells of the gap. Confined to one thread.
 */
final class FrameScanner {
    /** A stretch without a valid frame, as positions in the file; what is in it ends at {@code contentEnd}. */
    record Gap(Segment segment, long from, long to, long contentEnd, String problem) {}

    /** The window for going through a whole segment. */
    static final int SCAN_WINDOW_BYTES = 128 * 1024;
    /** The window for reading a single record: most fit into one block of a disk. */
    static final int RECORD_WINDOW_BYTES = 4 * 1024;

    /** The window for reading records that lie near each other: a few dozen small ones. */
    static final int NEIGHBOURS_WINDOW_BYTES = 16 * 1024;

    private static final int MAX_FRAME_BYTES = Integer.MAX_VALUE - 8;

    private final Segment segment;
    private final ByteSource source;
    private final Consumer<Gap> gaps;
    private final FrameFormat format = new FrameFormat();
    private final int windowBytes;
    private final Optional<FrameCipher> cipher;
    private byte[] window = {};
    private byte[] plain = {};
    private int plainLength;
    private boolean inClear;
    private long windowAt;
    private int windowLength;

    private long end;
    private long expectedEnd;
    private long next;
    private long position;

    FrameScanner(Segment segment, ByteSource source, int windowBytes, Consumer<Gap> gaps) {
        this.segment = segment;
        this.source = source;
        this.windowBytes = windowBytes;
        this.gaps = gaps;
        this.cipher = segment.key().cipher();
        this.next = SegmentHeader.BYTES;
    }

    /**
     * Sets how far frames are looked for.
     *
     * @param newEnd where what can be read ends, as a position in the file
     * @param newExpectedEnd where it should end: a shortfall is a gap
     */
    void limit(long newEnd, long newExpectedEnd) {
        end = newEnd;
        expectedEnd = newExpectedEnd;
    }

    /** Goes on at the first frame at or behind a position. */
    void seek(long newPosition) {
        next = Math.max(SegmentHeader.BYTES, FrameFormat.align(newPosition));
    }

    /** Goes to the next valid frame; false if there is none before the end. */
    boolean next() throws IOException {
        long gapFrom = next;
        long contentEnd = next;
        String problem = "";
        while (next < end) {
            if (isFrame(next)) {
                tellGap(gapFrom, next, contentEnd, problem);
                position = next;
                next += sizeAt(position);
                return true;
            }
            problem = problem.isEmpty() ? problemAt(next) : problem;
            long nextCandidate = Math.min(next + FrameFormat.ALIGNMENT, end);
            contentEnd = isBlank(next, nextCandidate) ? contentEnd : nextCandidate;
            next = nextCandidate;
        }
        next = Math.max(next, expectedEnd);
        tellGap(gapFrom, next, contentEnd, problem.isEmpty() ? "the file ends" : problem);
        return false;
    }

    /**
     * Goes to the frame that begins exactly here.
     *
     * @throws IOException if there is no valid frame
     */
    void require(long exactPosition) throws IOException {
        if (!isFrame(exactPosition)) {
            throw new IOException(segment.file() + " is damaged at offset " + exactPosition + ": "
                    + problemAt(exactPosition) + "; restore the file from a backup to read this record");
        }
        position = exactPosition;
        next = exactPosition + sizeAt(exactPosition);
    }

    private void tellGap(long from, long to, long contentEnd, String problem) {
        if (from < to) {
            gaps.accept(new Gap(segment, from, to, contentEnd, problem));
        }
    }

    private boolean isFrame(long candidate) throws IOException {
        return hasPlausibleHeader(candidate)
                && storedChecksum(candidate) == computedChecksum(candidate)
                && opens(candidate);
    }

    /** Whether the body is what was written here with the segment's key, as far as anybody can tell. */
    private boolean opens(long candidate) {
        int at = at(candidate);
        inClear = !segment.header().isEncrypted() || RecordType.isHousekeeping(FrameFormat.type(window, at));
        if (!segment.header().isEncrypted()) {
            return true;
        }
        boolean saysEncrypted = (FrameFormat.flags(window, at) & FrameFormat.ENCRYPTED) != 0;
        if (inClear || !saysEncrypted) {
            return inClear && !saysEncrypted;
        }
        if (cipher.isEmpty()) {
            return true;
        }
        int length = (int) FrameFormat.bodyLength(window, at);
        if (plain.length < length) {
            plain = new byte[length];
        }
        plainLength = cipher.get().open(window, at, segment.header().offsetOf(candidate), plain);
        return plainLength >= 0;
    }

    private boolean hasPlausibleHeader(long candidate) throws IOException {
        if (candidate + FrameFormat.HEADER_BYTES > end) {
            return false;
        }
        load(candidate, FrameFormat.HEADER_BYTES);
        return FrameFormat.claimsOffset(window, at(candidate), segment.header().offsetOf(candidate))
                && sizeAt(candidate) <= Math.min(end - candidate, MAX_FRAME_BYTES);
    }

    private long sizeAt(long candidate) {
        return FrameFormat.sizeOf(FrameFormat.bodyLength(window, at(candidate)));
    }

    private int storedChecksum(long candidate) {
        return FrameFormat.storedChecksum(window, at(candidate));
    }

    private int computedChecksum(long candidate) throws IOException {
        int size = (int) sizeAt(candidate);
        load(candidate, size);
        SegmentHeader header = segment.header();
        return format.checksum(window, at(candidate), size, header.salt(), header.offsetOf(candidate));
    }

    private String problemAt(long candidate) throws IOException {
        if (candidate + FrameFormat.HEADER_BYTES > end) {
            return "the file ends within a record";
        }
        if (hasPlausibleHeader(candidate)) {
            return storedChecksum(candidate) == computedChecksum(candidate)
                    ? "its checksum is right, but it was not written here with key "
                            + LogKey.text(segment.header().keyId())
                    : "expected checksum " + hex(computedChecksum(candidate)) + " but was "
                            + hex(storedChecksum(candidate));
        }
        if (isBlank(candidate, candidate + FrameFormat.ALIGNMENT)) {
            return "expected a record but found unused space";
        }
        long room = end - candidate - FrameFormat.HEADER_BYTES;
        long length = FrameFormat.bodyLength(window, at(candidate));
        return length > room
                ? "expected a record of at most " + room + " bytes but was " + length
                : "expected a record of logical offset " + segment.header().offsetOf(candidate)
                        + " but found something else";
    }

    private boolean isBlank(long from, long to) throws IOException {
        load(from, (int) (to - from));
        for (int i = at(from); i < at(to); i++) {
            if (window[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private static String hex(int checksum) {
        return HexFormat.of().toHexDigits(checksum);
    }

    /** Makes sure that the window holds these bytes, which lie before the end. */
    private void load(long from, int length) throws IOException {
        if (from >= windowAt && from + length <= windowAt + windowLength) {
            return;
        }
        int wanted = (int) Math.max(length, Math.min(windowBytes, end - from));
        if (wanted > window.length) {
            window = new byte[wanted];
        }
        windowAt = from;
        windowLength = source.read(from, window, 0, wanted);
        if (windowLength < length) {
            throw new IOException(segment.file() + " became shorter while it was read: expected " + length
                    + " bytes at offset " + from + " but got " + windowLength + "; keep other programs away from it");
        }
    }

    private int at(long filePosition) {
        return (int) (filePosition - windowAt);
    }

    /** The position in the file of the frame found last. */
    long position() {
        return position;
    }

    /** The position in the file where the search goes on. */
    long nextPosition() {
        return next;
    }

    /** The logical offset of the frame found last. */
    long offset() {
        return segment.header().offsetOf(position);
    }

    int type() {
        return FrameFormat.type(window, at(position));
    }

    /** The flags that say something of the record itself. */
    int flags() {
        int flags = FrameFormat.flags(window, at(position));
        return inClear ? flags : flags & ~FrameFormat.ENCRYPTED;
    }

    /** Whether the frame found last is encrypted with a key that was not given. */
    private boolean isOpaque() {
        return !inClear && cipher.isEmpty();
    }

    /** Where the body is, decrypted if need be; valid until the next one is looked for. */
    byte[] array() {
        return inClear ? window : plain;
    }

    int bodyAt() {
        return inClear ? at(position) + FrameFormat.HEADER_BYTES : 0;
    }

    int bodyLength() {
        return inClear ? (int) FrameFormat.bodyLength(window, at(position)) : plainLength;
    }

    /** What an index needs of the frame found last, if it is an {@link WalRecord.Enqueued} that can be read. */
    Optional<EnqueuedSummary> summary() {
        return type() == RecordType.ENQUEUED && flags() == 0 && !isOpaque()
                ? RecordDecoder.summarize(array(), bodyAt(), bodyLength())
                : Optional.empty();
    }

    /**
     * Hands over the records of the frame found last, in part if that is enough; none if the log wrote it for itself.
     */
    void handTo(WalIndexer indexer) {
        long offset = offset();
        int bytes = (int) (next - position);
        Optional<EnqueuedSummary> summary = summary();
        if (summary.isPresent()) {
            indexer.accept(offset, bytes, summary.get());
        } else if (!RecordType.isHousekeeping(type())) {
            for (WalRecord record : records()) {
                indexer.accept(offset, bytes, record);
                offset++;
            }
        }
    }

    /** The records in the frame found last. */
    List<WalRecord> records() {
        if (isOpaque()) {
            return List.of(new WalRecord.Unknown(
                    type(), "encrypted with key " + LogKey.text(segment.header().keyId()) + ", which was not given"));
        }
        return RecordDecoder.decodeAll(type(), flags(), array(), bodyAt(), bodyLength());
    }

    /** The record in the frame found last; the first one if they are several. */
    WalRecord record() {
        return records().get(0);
    }
}
