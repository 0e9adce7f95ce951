package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups to the end of the newest segment. Behind them it writes zeros ahead, in steps, since a force that
 * changes the size of a file costs half as much again as one that does not; the file is cut to its content at the end.
 * Confined to one thread at a time: the group's leader.
 */
final class SegmentWriter implements Closeable {
    /** A step is as large as what the segment holds by then, within these bounds: a small log stays small. */
    private static final int SMALLEST_STEP = 16 * 1024;

    private static final byte[] ZEROS = new byte[1024 * 1024];

    private static final Logger log = LoggerFactory.getLogger(SegmentWriter.class);

    private final SegmentCatalog catalog;
    private final Segment segment;
    private final LogFile file;
    private boolean writingAhead = true;
    private long fileBytes = SegmentHeader.BYTES;
    private long writtenOffset;
    private long durableOffset;

    /** @param durableOffset where the log was known to be durable when this segment was opened */
    SegmentWriter(SegmentCatalog catalog, Segment segment, LogFile file, long durableOffset) {
        this.catalog = catalog;
        this.segment = segment;
        this.file = file;
        this.writtenOffset = segment.header().base();
        this.durableOffset = durableOffset;
    }

    /** Writes a group in one piece; it begins with the durable offset there was before it. */
    void write(GroupBuffer group) throws IOException {
        SegmentHeader header = segment.header();
        group.seal(header.salt(), durableOffset);
        file.write(header.positionOf(group.startOffset()), group.array(), 0, group.size());
        writtenOffset = group.endOffset();
        if (contentBytes() > fileBytes) {
            grow(contentBytes());
            writeAhead();
        }
    }

    /** The zeros mean nothing to a reader, so a disk that has no room for them has merely no room for them. */
    private void writeAhead() {
        long step = Math.min(Math.max(contentBytes(), SMALLEST_STEP), ZEROS.length);
        int length = (int) Math.min(step, catalog.segmentBytes() - contentBytes());
        if (!writingAhead || length <= 0) {
            return;
        }
        try {
            file.write(contentBytes(), ZEROS, 0, length);
            grow(contentBytes() + length);
        } catch (IOException failure) {
            writingAhead = false;
            log.info("cannot write {} ahead and will write it as it grows: {}", segment.file(), failure.getMessage());
        }
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

    /** Ends the segment: cuts the file to its content and forces it. */
    void finish() throws IOException {
        cutToContent();
        force();
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
