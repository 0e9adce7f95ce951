package dev.tidesync.engine.wal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The segments that make up the log, in the order of their offsets, and the maker of the next one.
 *
 * <p><b>Threads:</b> one thread at a time creates segments; many may look them up beside it.
 */
final class SegmentCatalog {
    private final LogStorage storage;
    private final SegmentName names;
    private final UUID storeId;
    private final boolean forcing;
    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastNumber;
    private long predecessor;
    private volatile List<Segment> segments;
    private volatile List<VoidRange> voids;

    SegmentCatalog(LogStorage storage, Wal.Config config, SegmentListing listing) {
        this.storage = storage;
        this.names = new SegmentName(config.stem());
        this.forcing = config.fsyncOnWrite();
        this.clock = config.clock();
        this.random = config.random();
        this.storeId = listing.storeId().orElseGet(() -> new UUID(random.nextLong(), random.nextLong()));
        this.lastNumber = listing.lastNumber();
        this.segments = List.of();
        this.voids = List.of();
    }

    /** Takes over what recovery found to be the log; {@code lastProven} is the number of its last durable segment. */
    void adopt(List<Segment> liveSegments, List<VoidRange> cutRanges, long lastProven) {
        segments = List.copyOf(liveSegments);
        voids = List.copyOf(cutRanges);
        predecessor = lastProven;
    }

    /**
     * Creates the next segment. When this returns, its header and its name are durable.
     *
     * @param base where its offsets begin
     * @param cutFrom from where up to {@code base} the offsets are void; {@code base} itself if none are
     * @param durableOffset how far the log before it is known to be durable
     */
    SegmentWriter create(long base, long cutFrom, long durableOffset) throws IOException {
        lastNumber++;
        SegmentHeader header =
                new SegmentHeader(lastNumber, base, storeId, random.nextInt(), clock.millis(), predecessor, cutFrom);
        Segment segment = new Segment(names.of(lastNumber), header);
        LogFile file = storage.create(segment.file());
        try {
            writeHeader(file, header);
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
        predecessor = lastNumber;
        add(segment);
        return new SegmentWriter(segment, file, forcing, durableOffset);
    }

    private void writeHeader(LogFile file, SegmentHeader header) throws IOException {
        file.write(0, header.encode(), 0, SegmentHeader.BYTES);
        if (forcing) {
            file.force();
            storage.syncDirectory();
        }
    }

    private void add(Segment segment) {
        if (segment.header().followsRecovery()) {
            List<VoidRange> moreVoids = new ArrayList<>(voids);
            moreVoids.add(
                    new VoidRange(segment.header().cutFrom(), segment.header().base()));
            voids = List.copyOf(moreVoids);
        }
        List<Segment> more = new ArrayList<>(segments);
        more.add(segment);
        segments = List.copyOf(more);
    }

    /**
     * The segment that holds an offset, or would if it were not damaged or cut; the first one for offsets before it.
     */
    Segment at(long offset) {
        List<Segment> all = segments;
        return all.get(indexAt(all, offset));
    }

    /** Where the segment's offsets end because the next one's begin; the greatest number for the newest segment. */
    long endOf(Segment segment) {
        List<Segment> all = segments;
        int next = indexAt(all, segment.header().base()) + 1;
        return next < all.size() ? all.get(next).header().base() : Long.MAX_VALUE;
    }

    private static int indexAt(List<Segment> all, long offset) {
        int low = 0;
        int high = all.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (all.get(middle).header().base() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The offset itself, or the end of the cut range it lies in. */
    long skipVoid(long offset) {
        long skipped = offset;
        for (VoidRange range : voids) {
            skipped = range.contains(skipped) ? range.to() : skipped;
        }
        return skipped;
    }

    /** Where the first cut range behind an offset begins. */
    long nextVoid(long offset) {
        return voids.stream()
                .mapToLong(VoidRange::from)
                .filter(from -> from >= offset)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    long firstOffset() {
        return segments.get(0).header().base();
    }

    UUID storeId() {
        return storeId;
    }

    String describe(Segment segment) {
        return storage.describe(segment.file());
    }
}
