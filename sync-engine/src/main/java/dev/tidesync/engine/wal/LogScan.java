package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** A mark of where the log begins, and where the mark itself stands. */
    private record Beginning(Segment segment, long offset, WalRecord.LogBegins mark) {}

    private final SegmentListing listing;
    private final SegmentFiles files;
    private final EarlyIndexing early;
    private final ReadProgress progress;
    private final List<CountedGap> gaps = new ArrayList<>();
    private final List<Long> unknownOffsets = new ArrayList<>();
    private final Set<Long> completedBases = new HashSet<>();
    private final List<Beginning> beginnings = new ArrayList<>();
    private final Map<Long, Long> contentEnds = new HashMap<>();
    private long watermark;
    private long records;

    private List<Segment> live = List.of();
    private Set<Long> liveNumbers = Set.of();
    private VoidRanges voids = VoidRanges.NONE;
    private long tornFrom = Long.MAX_VALUE;
    private WalRecord.LogBegins begins = new WalRecord.LogBegins(0, 0);

    private LogScan(SegmentListing listing, SegmentFiles files, EarlyIndexing early, ReadProgress progress) {
        this.listing = listing;
        this.files = files;
        this.early = early;
        this.progress = progress;
    }

    /** Reads all of a log, and hands over on the way what {@link EarlyIndexing} may; {@link #indexedBelow} says. */
    static LogScan of(SegmentListing listing, SegmentFiles files, EarlyIndexing early, ReadProgress progress)
            throws IOException {
        LogScan scan = new LogScan(listing, files, early, progress);
        progress.expect(listing.bytesFrom(0) + listing.bytesFrom(early.end()));
        scan.readFrom(0);
        return scan;
    }

    /**
     * Reads what lies behind a mark, and hands nothing over.
     *
     * @throws UnbelievedMarkException if the log is not, or no longer, the one that the mark was made in
     */
    static LogScan behind(LogMark mark, SegmentListing listing, SegmentFiles files, ReadProgress progress)
            throws IOException, UnbelievedMarkException {
        MarkCheck check = new MarkCheck(mark, listing);
        long proven = check.requireMark(files);
        LogScan scan = new LogScan(listing, files, EarlyIndexing.none(), progress);
        progress.expect(2 * listing.bytesFrom(mark.offset()));
        scan.begins = mark.begins();
        scan.raiseWatermark(proven);
        scan.readFrom(mark.offset());
        check.requireKept(scan.begins);
        check.requireNotVoid(scan.voids);
        return scan;
    }

    /** What lies before {@code from} is known to be sound. */
    private void readFrom(long from) throws IOException {
        List<Segment> segments = listing.segments();
        for (int i = 0; i < segments.size(); i++) {
            raiseWatermarkByHeader(segments.get(i), i == 0);
            addHeaderGaps(segments.get(i));
            if (i + 1 == segments.size() || segments.get(i + 1).header().base() > from) {
                scan(segments, i, from);
            }
        }
        judge(segments);
    }

    private void judge(List<Segment> segments) {
        keep(segments.stream().filter(this::isComplete).toList());
        tornFrom = gaps.stream()
                .filter(this::isLive)
                .filter(gap -> gap.toOffset() > watermark)
                .mapToLong(gap -> Math.max(gap.fromOffset(), watermark))
                .min()
                .orElse(Long.MAX_VALUE);
        begins = beginnings.stream()
                .filter(this::counts)
                .map(Beginning::mark)
                .max(Comparator.comparingLong(WalRecord.LogBegins::segment))
                .orElse(begins);
        keep(live.stream()
                .filter(segment -> segment.header().number() >= begins.segment())
                .toList());
    }

    private void keep(List<Segment> segments) {
        live = segments;
        liveNumbers =
                segments.stream().map(segment -> segment.header().number()).collect(Collectors.toSet());
        voids = VoidRanges.before(segments);
    }

    /** Before a mark was forced nothing was deleted, so one in a torn tail or in a cut range says nothing. */
    private boolean counts(Beginning beginning) {
        return isLive(beginning.segment()) && beginning.offset() < tornFrom && !voids.contains(beginning.offset());
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

    private void addHeaderGaps(Segment segment) {
        listing.headerGaps().stream()
                .filter(gap -> gap.segment().equals(segment))
                .forEach(this::addGap);
    }

    private void scan(List<Segment> segments, int index, long from) throws IOException {
        Segment segment = segments.get(index);
        FrameScanner frames =
                new FrameScanner(segment, files.source(segment.file()), FrameScanner.SCAN_WINDOW_BYTES, this::addGap);
        limit(frames, segments, index);
        frames.seek(segment.header().positionOf(from));
        while (frames.next()) {
            take(frames, segment);
            early.take(frames);
            progress.read(frames.nextPosition() - frames.position());
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
        long size = listing.size(gap.segment());
        if (gap.to() >= size && gap.from() <= size) {
            contentEnds.putIfAbsent(gap.segment().header().number(), gap.contentEnd());
        }
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
        } else if (frames.record() instanceof WalRecord.LogBegins mark) {
            beginnings.add(new Beginning(segment, frames.offset(), mark));
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

    /**
     * How far all that counts has been handed over while it was scanned; 0 if what was handed over is void, since the
     * log turned out to begin later, or to be proven less far, than its headers say.
     */
    long indexedBelow() {
        boolean asExpected = watermark >= early.end()
                && listing.segments().stream()
                        .allMatch(segment -> segment.header().number() >= begins.segment());
        return asExpected ? early.end() : 0;
    }

    /** Everything below it was forced to disk. */
    long watermark() {
        return watermark;
    }

    /** Where the torn tail begins: nothing from here on was ever reported durable. */
    long tornFrom() {
        return tornFrom;
    }

    /** Where the log begins: what lies before has been dropped. */
    WalRecord.LogBegins begins() {
        return begins;
    }

    private boolean isLive(CountedGap gap) {
        return isLive(gap.gap().segment());
    }

    private boolean isLive(Segment segment) {
        return liveNumbers.contains(segment.header().number());
    }

    /** How many bytes of content the torn tail has. */
    long tornBytes() {
        return tornFrom == Long.MAX_VALUE
                ? 0
                : live.stream().mapToLong(this::tornBytes).sum();
    }

    private long tornBytes(Segment segment) {
        long from = Math.max(segment.header().positionOf(tornFrom), SegmentHeader.BYTES);
        return Math.max(0, contentEnd(segment) - from);
    }

    /** Where the content of a segment ends: its size without the zeros at the end. */
    long contentEnd(Segment segment) {
        return contentEnds.getOrDefault(segment.header().number(), listing.size(segment));
    }

    /** What is damaged below the watermark, in the order of the log. */
    List<Damage> damages() {
        List<Damage> damages = new ArrayList<>();
        for (SegmentListing.Problem problem : listing.problems(begins.segment())) {
            damages.add(new Damage(problem.file(), 0, problem.bytes(), problem.text(), records));
        }
        for (CountedGap gap : gaps) {
            long from = voids.skip(gap.fromOffset());
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

    private long clip(long from, long to) {
        return Math.min(Math.min(to, watermark), voids.next(from));
    }

    /** How many records of the log only a newer version can read. */
    long unknownRecords() {
        return unknownOffsets.stream()
                .filter(offset -> !voids.contains(offset) && offset < tornFrom && offset >= begins.offset())
                .count();
    }

    /**
     * The number of the last segment that holds something durable, 0 for none. Those behind it may be known from the
     * page cache only, and be gone after the next power cut without anything being amiss.
     */
    long lastProvenNumber() {
        return live.stream()
                .map(Segment::header)
                .filter(header -> header.base() < watermark && !voids.contains(header.base()))
                .mapToLong(SegmentHeader::number)
                .max()
                .orElse(0);
    }

    /** The segments that make up the log. */
    List<Segment> live() {
        return live;
    }

    VoidRanges voids() {
        return voids;
    }
}
