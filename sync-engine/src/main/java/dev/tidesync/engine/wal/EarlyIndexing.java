package dev.tidesync.engine.wal;

import java.util.List;

/**
 * Hands records over while the log is still being scanned, so that most of it is read once: those of which the headers
 * alone say that they were forced, and that no recovery has cut.
 */
final class EarlyIndexing {
    private final WalIndexer indexer;
    private final long end;
    private final VoidRanges voids;

    private EarlyIndexing(WalIndexer indexer, long end, VoidRanges voids) {
        this.indexer = indexer;
        this.end = end;
        this.voids = voids;
    }

    /** Hands nothing over. */
    static EarlyIndexing none() {
        return new EarlyIndexing(WalIndexer.NOBODY, 0, VoidRanges.NONE);
    }

    /**
     * A recovery cuts behind all that is proven, and a segment follows a full one after that was forced. What a
     * recovery has cut is known for certain only if a later segment shows that it was completed.
     */
    static EarlyIndexing of(List<Segment> segments, WalIndexer indexer) {
        if (indexer == WalIndexer.NOBODY) {
            return none();
        }
        long proven = segments.stream()
                .skip(1)
                .map(Segment::header)
                .mapToLong(header -> Math.min(header.base(), header.cutFrom()))
                .max()
                .orElse(0);
        long end = segments.stream()
                .map(Segment::header)
                .filter(header -> header.followsRecovery() && header.base() >= proven)
                .mapToLong(SegmentHeader::cutFrom)
                .reduce(proven, Math::min);
        return new EarlyIndexing(
                indexer,
                end,
                VoidRanges.before(segments.stream()
                        .filter(segment -> segment.header().base() < end)
                        .toList()));
    }

    void take(FrameScanner frames) {
        long offset = frames.offset();
        if (offset < end && !voids.contains(offset)) {
            frames.handTo(indexer);
        }
    }

    /** Every record below that counts has been handed over by the end of the scan. */
    long end() {
        return end;
    }
}
