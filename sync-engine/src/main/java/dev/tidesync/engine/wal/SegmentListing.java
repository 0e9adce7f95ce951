package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What the headers of a directory's segments say: which belong to the log, in which order, and what is amiss. */
final class SegmentListing {
    /** Something amiss with a file as a whole. */
    record Problem(String file, long bytes, String text) {}

    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<FrameScanner.Gap> headerGaps = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> withoutHeader = new HashSet<>();
    private final SegmentName names;
    private long lastNumber;

    private SegmentListing(SegmentName names) {
        this.names = names;
    }

    /**
     * Reads all headers.
     *
     * @throws WalFormatException if a file is of a newer format, or of another log, or encrypted with an unknown key
     */
    static SegmentListing read(LogStorage storage, SegmentFiles files, SegmentName names, LogKeys keys)
            throws IOException {
        SegmentListing listing = new SegmentListing(names);
        for (String file : storage.list()) {
            OptionalLong number = names.number(file);
            if (number.isPresent()) {
                listing.lastNumber = Math.max(listing.lastNumber, number.getAsLong());
                listing.readHeader(files, file, keys);
            }
        }
        listing.requireOneLog();
        return listing;
    }

    private void readHeader(SegmentFiles files, String file, LogKeys keys) throws IOException {
        long size = files.size(file);
        sizes.put(file, size);
        byte[] bytes = new byte[SegmentHeader.BYTES];
        files.read(file, 0, bytes, 0, bytes.length);
        boolean firstIntact = SegmentHeader.isIntact(bytes, 0);
        boolean secondIntact = SegmentHeader.isIntact(bytes, SegmentHeader.COPY_BYTES);
        if (!firstIntact && !secondIntact) {
            addUnreadable(file, size);
            return;
        }
        SegmentHeader header = SegmentHeader.decode(bytes, firstIntact ? 0 : SegmentHeader.COPY_BYTES, file);
        Segment segment = new Segment(file, header, keys.of(header, file));
        add(segment);
        if (!firstIntact || !secondIntact) {
            addHeaderGap(segment, firstIntact ? SegmentHeader.COPY_BYTES : 0);
        }
    }

    /** A file that ends with its header may be one whose creation a crash cut short; the chain will tell. */
    private void addUnreadable(String file, long size) {
        withoutHeader.add(file);
        if (size > SegmentHeader.BYTES) {
            problems.add(new Problem(file, size, "expected a segment header but both copies of it are damaged"));
        }
    }

    private void addHeaderGap(Segment segment, long at) {
        long to = at + SegmentHeader.COPY_BYTES;
        headerGaps.add(new FrameScanner.Gap(
                segment, at, to, to, "expected one of two copies of the header but its checksum is wrong"));
    }

    private void add(Segment segment) {
        long number = segment.header().number();
        lastNumber = Math.max(lastNumber, number);
        Segment known = segments.get(number);
        boolean misnamed = !segment.file().equals(names.of(number));
        if (known == null || !misnamed) {
            segments.put(number, segment);
        }
        if (known != null) {
            Segment ignored = misnamed ? segment : known;
            problems.add(new Problem(
                    ignored.file(), sizes.getOrDefault(ignored.file(), 0L), "it is a copy of segment " + number));
        } else if (misnamed) {
            problems.add(new Problem(
                    segment.file(),
                    0,
                    "expected the segment of this name but was segment " + number + ", and read as it"));
        }
    }

    private void requireOneLog() throws WalFormatException {
        for (Segment segment : segments.values()) {
            UUID expected = segments.firstEntry().getValue().header().storeId();
            UUID found = segment.header().storeId();
            if (!found.equals(expected)) {
                throw new WalFormatException(segment.file() + " belongs to another log: expected store id " + expected
                        + " but was " + found + "; move it back to where it came from");
            }
        }
    }

    /**
     * What is amiss with whole files of a log that begins with the segment of this number. A segment names the one
     * before it that was durable by then, so that one has to be there, unless the log begins behind it.
     */
    List<Problem> problems(long begins) {
        List<Problem> all = new ArrayList<>(problems);
        Set<String> told = new HashSet<>();
        problems.forEach(problem -> told.add(problem.file()));
        for (Segment segment : segments.tailMap(begins).values()) {
            long predecessor = segment.header().predecessor();
            if (predecessor != 0 && predecessor >= begins && !segments.containsKey(predecessor)) {
                String file = names.of(predecessor);
                if (told.add(file)) {
                    all.add(missing(file));
                }
            }
        }
        return all;
    }

    private Problem missing(String file) {
        return new Problem(
                file,
                sizes.getOrDefault(file, 0L),
                withoutHeader.contains(file)
                        ? "expected a segment header but the file is too short"
                        : "expected a segment of the log but the file is missing");
    }

    /** Files that a log which begins with the segment of this number has dropped, oldest first. */
    List<String> leftovers(long begins) {
        List<String> files = new ArrayList<>();
        for (Segment segment : segments.headMap(begins).values()) {
            if (segment.file().equals(names.of(segment.header().number()))) {
                files.add(segment.file());
            }
        }
        for (String file : withoutHeader) {
            boolean creationWasCut = sizes.getOrDefault(file, 0L) <= SegmentHeader.BYTES;
            if (creationWasCut && names.number(file).orElse(begins) < begins) {
                files.add(file);
            }
        }
        Collections.sort(files);
        return files;
    }

    /** The readable segments, in order. */
    List<Segment> segments() {
        return segments.values().stream()
                .sorted(Comparator.comparingLong(segment -> segment.header().base()))
                .toList();
    }

    long size(Segment segment) {
        return sizes.getOrDefault(segment.file(), 0L);
    }

    /** How much of the files lies at or behind an offset. */
    long bytesFrom(long offset) {
        return segments.values().stream()
                .mapToLong(
                        segment -> size(segment) - Math.max(0, segment.header().positionOf(offset)))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    /** The readable segment of this number. */
    Optional<Segment> segment(long number) {
        return Optional.ofNullable(segments.get(number));
    }

    /** Copies of headers that are damaged where the other copy is intact. */
    List<FrameScanner.Gap> headerGaps() {
        return headerGaps;
    }

    /** The greatest number in use, readable or not; 0 if there is none. */
    long lastNumber() {
        return lastNumber;
    }

    /** The log's id; empty if there is no readable segment. */
    Optional<UUID> storeId() {
        return segments.values().stream()
                .findFirst()
                .map(segment -> segment.header().storeId());
    }

    /** At least where everything that was ever written ends, as a logical offset. */
    long endOffset() {
        long unreadableBytes = withoutHeader.stream()
                .mapToLong(file -> sizes.getOrDefault(file, 0L))
                .sum();
        long end = segments.values().stream()
                .mapToLong(segment -> segment.header().offsetOf(Math.max(size(segment), SegmentHeader.BYTES)))
                .max()
                .orElse(0);
        return FrameFormat.align(end + unreadableBytes);
    }
}
