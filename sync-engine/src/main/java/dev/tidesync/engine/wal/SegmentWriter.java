package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;

/** Writes groups to the end of the newest segment. Confined to one thread at a time: the group's leader. */
final class SegmentWriter implements Closeable {
    private final Segment segment;
    private final LogFile file;
    private final boolean forcing;
    private long writtenOffset;
    private long durableOffset;

    /** @param durableOffset where the log was known to be durable when this segment was opened */
    SegmentWriter(Segment segment, LogFile file, boolean forcing, long durableOffset) {
        this.segment = segment;
        this.file = file;
        this.forcing = forcing;
        this.writtenOffset = segment.header().base();
        this.durableOffset = durableOffset;
    }

    /** Writes a group in one piece; it begins with the durable offset there was before it. */
    void write(GroupBuffer group) throws IOException {
        SegmentHeader header = segment.header();
        group.seal(header.salt(), durableOffset);
        file.write(header.positionOf(group.startOffset()), group.array(), 0, group.size());
        writtenOffset = group.endOffset();
    }

    /** Forces all that was written. With forcing switched off, what is written counts as durable. */
    void force() throws IOException {
        if (forcing) {
            file.force();
        }
        durableOffset = writtenOffset;
    }

    Segment segment() {
        return segment;
    }

    boolean isEmpty() {
        return writtenOffset == segment.header().base();
    }

    /** The size the file would have with {@code more} bytes. */
    long sizeWith(int more) {
        return segment.header().positionOf(writtenOffset) + more;
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
