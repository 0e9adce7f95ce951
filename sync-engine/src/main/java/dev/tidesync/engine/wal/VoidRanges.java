package dev.tidesync.engine.wal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The logical offsets that recoveries have cut, looked up in O(log n). Immutable. */
final class VoidRanges {
    static final VoidRanges NONE = new VoidRanges(List.of());

    private final List<VoidRange> ranges;
    // The same, apart from each other and in order:
    private final long[] from;
    private final long[] to;

    private VoidRanges(List<VoidRange> ranges) {
        this.ranges = ranges;
        this.from = new long[ranges.size()];
        this.to = new long[ranges.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = ranges.get(i).from();
            to[i] = ranges.get(i).to();
        }
    }

    /** What the recoveries cut that these segments follow. */
    static VoidRanges before(List<Segment> segments) {
        return merged(segments.stream()
                .map(Segment::header)
                .filter(SegmentHeader::followsRecovery)
                .map(header -> new VoidRange(header.cutFrom(), header.base()))
                .toList());
    }

    /** These and one more. */
    VoidRanges plus(VoidRange range) {
        List<VoidRange> more = new ArrayList<>(ranges);
        more.add(range);
        return merged(more);
    }

    /** A recovery that was cut short may have cut what a later one cut again, so ranges may overlap. */
    private static VoidRanges merged(List<VoidRange> overlapping) {
        List<VoidRange> sorted = new ArrayList<>(overlapping);
        sorted.sort(Comparator.comparingLong(VoidRange::from));
        List<VoidRange> apart = new ArrayList<>();
        for (VoidRange range : sorted) {
            VoidRange last = apart.isEmpty() ? range : apart.get(apart.size() - 1);
            if (!apart.isEmpty() && range.from() <= last.to()) {
                apart.set(apart.size() - 1, new VoidRange(last.from(), Math.max(last.to(), range.to())));
            } else {
                apart.add(range);
            }
        }
        return new VoidRanges(List.copyOf(apart));
    }

    boolean contains(long offset) {
        return skip(offset) != offset;
    }

    /** The offset itself, or the end of the cut range it lies in. */
    long skip(long offset) {
        int at = indexUpTo(offset);
        return at >= 0 && offset < to[at] ? to[at] : offset;
    }

    /** Where the first cut range at or behind an offset begins; the greatest number if there is none. */
    long next(long offset) {
        int at = indexUpTo(offset);
        if (at >= 0 && from[at] == offset) {
            return offset;
        }
        return at + 1 < from.length ? from[at + 1] : Long.MAX_VALUE;
    }

    /** The last range that begins at or before an offset; -1 for none. */
    private int indexUpTo(long offset) {
        int found = Arrays.binarySearch(from, offset);
        return found >= 0 ? found : -found - 2;
    }
}
