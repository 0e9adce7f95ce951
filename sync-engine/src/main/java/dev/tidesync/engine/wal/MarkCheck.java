package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.Optional;

/** Finds out whether a mark was made in this log, in the state that it is in. */
final class MarkCheck {
    private final LogMark mark;
    private final SegmentListing listing;

    MarkCheck(LogMark mark, SegmentListing listing) {
        this.mark = mark;
        this.listing = listing;
    }

    /**
     * Before the log is read: its record lies where it should, in a file that is the same.
     *
     * @return where the record ends: when the mark was made, all before that had been forced
     */
    long requireMark(SegmentFiles files) throws IOException, UnbelievedMarkException {
        if (!listing.storeId().equals(Optional.of(mark.storeId()))) {
            throw new UnbelievedMarkException("it belongs to another log");
        }
        Segment segment = requireSame(mark.last());
        FrameScanner frames =
                new FrameScanner(segment, files.source(segment.file()), FrameScanner.RECORD_WINDOW_BYTES, gap -> {});
        long size = listing.size(segment);
        frames.limit(size, size);
        frames.seek(segment.header().positionOf(mark.offset()));
        boolean found = frames.next() && frames.offset() == mark.offset() && frames.type() == RecordType.LOG_BEGINS;
        if (!found) {
            throw new UnbelievedMarkException("the log does not reach so far");
        }
        return segment.header().offsetOf(frames.nextPosition());
    }

    /** Once it is known where the log begins now: nothing from there on has gone that was there. */
    void requireKept(WalRecord.LogBegins begins) throws UnbelievedMarkException {
        if (begins.segment() > mark.last().number()) {
            throw new UnbelievedMarkException("the log begins behind it");
        }
        for (LogMark.Part part : mark.segments()) {
            if (part.number() >= begins.segment()) {
                requireSame(part);
            }
        }
    }

    /** Once it is known what recoveries have cut: what they cut and wrote again has another place now. */
    void requireNotVoid(VoidRanges voids) throws UnbelievedMarkException {
        if (voids.contains(mark.offset())) {
            throw new UnbelievedMarkException("a recovery did not know of it");
        }
    }

    private Segment requireSame(LogMark.Part part) throws UnbelievedMarkException {
        Segment segment = listing.segment(part.number())
                .orElseThrow(() -> new UnbelievedMarkException("segment " + part.number() + " is missing"));
        SegmentHeader header = segment.header();
        if (header.base() != part.base() || header.salt() != part.salt()) {
            throw new UnbelievedMarkException("segment " + part.number() + " is another");
        }
        if (listing.size(segment) < part.bytes()) {
            throw new UnbelievedMarkException("segment " + part.number() + " is shorter than it was");
        }
        return segment;
    }
}
