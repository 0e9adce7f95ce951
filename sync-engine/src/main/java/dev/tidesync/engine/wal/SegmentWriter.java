package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes groups to the end of the newest segment, into room that the disk has given before: a write that finds the disk
 * full would leave half a group. Room is taken in steps, and the file is cut to its content at the end. Confined to one
 * thread at a time: the group's leader.
 */
final class SegmentWriter implements Closeable {
    /** A step is as large as what the segment holds by then, within these bounds: a small log stays small. */
    private static final int SMALLEST_STEP = 16 * 1024;

    private static final int LARGEST_STEP = 1024 * 1024;

    private final SegmentCatalog catalog;
    private final Segment segment;
    private final LogFile file;
    private final Optional<FrameCipher> cipher;
    private long fileBytes;
    private long writtenOffset;
    private long durableOffset;

    /**
     * @param fileBytes how much room the file has, its header included
     * @param durableOffset where the log was known to be durable when this segment was opened
     */
    SegmentWriter(SegmentCatalog catalog, Segment segment, LogFile file, long fileBytes, long durableOffset) {
        this.catalog = catalog;
        this.segment = segment;
        this.file = file;
        this.cipher = segment.key().cipher();
        this.writtenOffset = segment.header().base();
        this.durableOffset = durableOffset;
        grow(fileBytes);
    }

    /** Where the room ends that the disk has given. */
    long roomEnd() {
        return segment.header().offsetOf(fileBytes);
    }

    /**
     * Takes room up to an offset, and a step beyond if there is so much.
     *
     * @throws NoRoomException if the disk does not give it; what stands in the segment is not touched
     */
    void takeRoom(long endOffset) throws NoRoomException {
        long needed = segment.header().positionOf(endOffset);
        if (needed <= fileBytes) {
            return;
        }
        long step = Math.min(Math.max(contentBytes(), SMALLEST_STEP), LARGEST_STEP);
        long ahead = Math.max(0, Math.min(step, catalog.segmentBytes() - needed));
        try {
            fill(needed + ahead);
        } catch (IOException full) {
            if (needed > fileBytes) {
                throw new NoRoomException(
                        "there is no room for " + (needed - fileBytes) + " bytes more in " + catalog.describe(segment)
                                + ": " + full.getMessage(),
                        full);
            }
        }
    }

    private void fill(long bytes) throws IOException {
        try {
            Room.take(file, fileBytes, bytes);
            grow(bytes);
        } catch (IOException full) {
            grow(Math.max(fileBytes, file.size())); // what it did give is there to be used
            throw full;
        }
    }

    /** Writes a group in one piece; it begins with the durable offset there was before it. There must be room. */
    void write(GroupBuffer group) throws IOException {
        write(group, group.startOffset(), group.endOffset());
    }

    /** Writes the frames of a group that lie between two offsets. There must be room. */
    void write(GroupBuffer group, long from, long to) throws IOException {
        SegmentHeader header = segment.header();
        group.seal(header.salt(), cipher, durableOffset, from, to);
        file.write(header.positionOf(from), group.array(), (int) (from - group.startOffset()), (int) (to - from));
        writtenOffset = to;
    }

    private void grow(long bytes) {
        fileBytes = bytes;
        catalog.noteBytes(segment, bytes);
    }

    /** Forces all that was written. With forcing switched off, what is written counts as durable. */
    void force() throws IOException {
        if (catalog.isForcing()) {
            file.force();
        }
        durableOffset = writtenOffset;
    }

    /** Forces all that was written, also with forcing switched off. */
    void forceToDisk() throws IOException {
        file.force();
        durableOffset = writtenOffset;
    }

    /** Gives the room behind the content free. */
    void cutToContent() throws IOException {
        if (fileBytes > contentBytes()) {
            file.truncate(contentBytes());
            grow(contentBytes());
        }
    }

    private long contentBytes() {
        return segment.header().positionOf(writtenOffset);
    }

    Segment segment() {
        return segment;
    }

    boolean isEmpty() {
        return writtenOffset == segment.header().base();
    }

    /** The size the content would have with {@code more} bytes. */
    long sizeWith(int more) {
        return contentBytes() + more;
    }

    long writtenOffset() {
        return writtenOffset;
    }

    long durableOffset() {
        return durableOffset;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
