package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a whole log once and tells what is proven, what is damaged and what is a torn tail. {@code docs/log-format.md},
 * section "Recovery", numbers the steps.
 */
final class LogScan {
    private record CountedGap(FrameScanner.Gap gap, long recordsBefore) {
        long fromOffset() {
            return gap.segment().header().offsetOf(Math.max(gap.from(), SegmentHeader.BYTES));
        }

        long toOffset() {
            return gap.segment().header().offsetOf(Math.max(gap.to(), SegmentHeader.BYTES));
        }
    }

    private final SegmentListing listing;
    private final SegmentFiles files;
    private final List<CountedGap> gaps = new ArrayList<>();
    private final List<Long> unknownOffsets = new ArrayList<>();
    private final List<Long> completedBases = new ArrayList<>();
    private long watermark;
    private long records;

    private List<Segment> live = List.of();
    private List<VoidRange> voids = List.of();

    private LogScan(SegmentListing listing, SegmentFiles files) {
        this.listing = listing;
        this.files = files;
    }

    static LogScan of(SegmentListing listing, SegmentFiles files) throws IOException {
        LogScan scan = new LogScan(listing, files);
        List<Segment> segments = listing.segments();
        for (int i = 0; i < segments.size(); i++) {
            scan.raiseWatermarkByHeader(segments.get(i), i == 0);
            scan.scan(segments, i);
        }
        scan.live = segments.stream().filter(scan::isComplete).toList();
        scan.voids = scan.live.stream()
                .map(Segment::header)
                .filter(SegmentHeader::followsRecovery)
                .map(header -> new VoidRange(header.cutFrom(), header.base()))
                .toList();
        return scan;
    }

    /** A segment that follows a full one is created only after the full one has been forced. */
    private void raiseWatermarkByHeader(Segment segment, boolean first) {
        if (first || !segment.header().followsRecovery()) {
            raiseWatermark(
                    first
                            ? Math.min(segment.header().base(), segment.header().cutFrom())
                            : segment.header().base());
        }
    }

    private void scan(List<Segment> segments, int index) throws IOException {
        Segment segment = segments.get(index);
        listing.headerGaps().stream()
                .filter(gap -> gap.segment().equals(segment))
                .forEach(this::addGap);
        FrameScanner frames =
                new FrameScanner(segment, files.source(segment.file()), FrameScanner.SCAN_WINDOW_BYTES, this::addGap);
        limit(frames, segments, index);
        while (frames.next()) {
            take(frames, segment);
        }
    }

    private void limit(FrameScanner frames, List<Segment> segments, int index) {
        Segment segment = segments.get(index);
        long size = listing.size(segment);
        if (index + 1 == segments.size()) {
            frames.limit(size, size);
            return;
        }
        SegmentHeader next = segments.get(index + 1).header();
        long room = segment.header().positionOf(next.base());
        boolean adjacent = next.predecessor() == segment.header().number();
        long end = Math.min(size, room);
        frames.limit(end, adjacent ? room : end);
    }

    private void addGap(FrameScanner.Gap gap) {
        gaps.add(new CountedGap(gap, records));
    }

    private void take(FrameScanner frames, Segment segment) {
        int type = frames.type();
        if (frames.flags() != 0 || !RecordType.isKnown(type)) {
            unknownOffsets.add(frames.offset());
        }
        if (!RecordType.isHousekeeping(type)) {
            records++;
        } else if (frames.record() instanceof WalRecord.Watermark mark) {
            raiseWatermark(mark.durableOffset());
        } else if (frames.record() instanceof WalRecord.TailCut cut) {
            raiseWatermark(cut.toOffset());
            completedBases.add(segment.header().base());
        }
    }

    private void raiseWatermark(long offset) {
        watermark = Math.max(watermark, offset);
    }

    /**
     * A segment that recovery opened counts once the recovery was complete; until then it holds nothing but copies of
     * what is still in the segments before it.
     */
    private boolean isComplete(Segment segment) {
        SegmentHeader header = segment.header();
        return !header.followsRecovery() || watermark > header.base() || completedBases.contains(header.base());
    }

    /** Everything below it was forced to disk. */
    long watermark() {
        return watermark;
    }

    /** Where the torn tail begins: nothing from here on was ever reported durable. */
    long tornFrom() {
        return gaps.stream()
                .filter(this::isLive)
                .filter(gap -> gap.toOffset() > watermark)
                .mapToLong(gap -> Math.max(gap.fromOffset(), watermark))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private boolean isLive(CountedGap gap) {
        return live.contains(gap.gap().segment());
    }

    /** How many bytes of content the torn tail has. */
    long tornBytes() {
        long tornFrom = tornFrom();
        if (tornFrom == Long.MAX_VALUE) {
            return 0;
        }
        return live.stream().mapToLong(segment -> tornBytes(segment, tornFrom)).sum();
    }

    private long tornBytes(Segment segment, long tornFrom) {
        long from = Math.max(segment.header().positionOf(tornFrom), SegmentHeader.BYTES);
        return Math.max(0, contentEnd(segment) - from);
    }

    /** Where the content of a segment ends: its size without the zeros at the end. */
    private long contentEnd(Segment segment) {
        long size = listing.size(segment);
        return gaps.stream()
                .map(CountedGap::gap)
                .filter(gap -> gap.segment().equals(segment) && gap.to() >= size && gap.from() <= size)
                .mapToLong(FrameScanner.Gap::contentEnd)
                .findFirst()
                .orElse(size);
    }

    /** What is damaged below the watermark, in the order of the log. */
    List<Damage> damages() {
        List<Damage> damages = new ArrayList<>();
        for (SegmentListing.Problem problem : listing.problems()) {
            damages.add(new Damage(problem.file(), 0, problem.bytes(), problem.text(), records));
        }
        for (CountedGap gap : gaps) {
            long from = skipVoid(gap.fromOffset());
            long to = clip(from, gap.toOffset());
            boolean inHeader = gap.gap().to() <= SegmentHeader.BYTES;
            if (isLive(gap) && from < watermark && (inHeader ? from == gap.fromOffset() : from < to)) {
                damages.add(damage(gap, inHeader ? gap.gap().to() - gap.gap().from() : to - from));
            }
        }
        return damages;
    }

    private Damage damage(CountedGap counted, long bytes) {
        FrameScanner.Gap gap = counted.gap();
        return new Damage(gap.segment().file(), gap.from(), bytes, gap.problem(), records - counted.recordsBefore());
    }

    private long skipVoid(long offset) {
        long skipped = offset;
        for (VoidRange range : voids) {
            skipped = range.contains(skipped) ? range.to() : skipped;
        }
        return skipped;
    }

    private long clip(long from, long to) {
        long end = Math.min(to, watermark);
        for (VoidRange range : voids) {
            end = range.from() >= from ? Math.min(end, range.from()) : end;
        }
        return end;
    }

    /** How many records of the log only a newer version can read. */
    long unknownRecords() {
        return unknownOffsets.stream()
                .filter(offset -> skipVoid(offset) == offset && offset < tornFrom())
                .count();
    }

    /**
     * The number of the last segment that holds something durable, 0 for none. Those behind it may be known from the
     * page cache only, and be gone after the next power cut without anything being amiss.
     */
    long lastProvenNumber() {
        return live.stream()
                .map(Segment::header)
                .filter(header -> header.base() < watermark && skipVoid(header.base()) == header.base())
                .mapToLong(SegmentHeader::number)
                .max()
                .orElse(0);
    }

    /** The segments that make up the log. */
    List<Segment> live() {
        return live;
    }

    List<VoidRange> voids() {
        return voids;
    }
}
