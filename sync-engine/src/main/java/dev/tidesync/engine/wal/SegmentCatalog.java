package dev.tidesync.engine.wal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The segments that make up the log, in the order of their offsets, and the maker of the next one.
 *
 * <p><b>Threads:</b> one thread at a time creates segments, and one drops them; many may look them up beside it.
 */
final class SegmentCatalog {
    private final LogStorage storage;
    private final SegmentName names;
    private final UUID storeId;
    private final boolean forcing;
    private final long segmentBytes;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Reserve reserve;
    private final LogKeys keys;
    private final BodyFormat format;
    private long lastNumber;
    private long predecessor;
    private final Map<Long, Long> fileBytes = new ConcurrentHashMap<>();
    private volatile List<Segment> segments;
    private volatile VoidRanges voids;

    SegmentCatalog(LogStorage storage, Wal.Config config, SegmentListing listing) throws IOException {
        this.storage = storage;
        this.names = new SegmentName(config.stem());
        this.forcing = config.fsyncOnWrite();
        this.segmentBytes = config.segmentBytes();
        this.clock = config.clock();
        this.random = config.random();
        this.reserve = Reserve.find(storage, names);
        this.keys = config.keys();
        this.format = config.format();
        this.storeId = listing.storeId().orElseGet(() -> new UUID(random.nextLong(), random.nextLong()));
        this.lastNumber = listing.lastNumber();
        this.segments = List.of();
        this.voids = VoidRanges.NONE;
    }

    /** Takes over what recovery found to be the log. */
    void adopt(LogScan scan, SegmentListing listing) {
        segments = List.copyOf(scan.live());
        segments.forEach(segment -> noteBytes(segment, listing.size(segment)));
        voids = scan.voids();
        predecessor = scan.lastProvenNumber();
    }

    /** Keeps how much room a segment's file takes. */
    void noteBytes(Segment segment, long bytes) {
        fileBytes.put(segment.header().number(), bytes);
    }

    /** The segments, oldest first; {@code writtenOffset} is where the newest one ends. */
    List<WalSegment> describeAll(long writtenOffset) {
        List<WalSegment> all = new ArrayList<>();
        for (Segment segment : segments) {
            SegmentHeader header = segment.header();
            all.add(new WalSegment(
                    header.number(),
                    header.base(),
                    Math.min(endOf(segment), Math.max(writtenOffset, header.base())),
                    fileBytes.getOrDefault(header.number(), 0L)));
        }
        return all;
    }

    /** Where the log begins as it is now. */
    WalRecord.LogBegins begins() {
        SegmentHeader first = segments.get(0).header();
        return new WalRecord.LogBegins(first.number(), first.base());
    }

    /** What tells the segments up to the one with an offset from others. */
    List<LogMark.Part> partsUpTo(long offset) {
        return segments.stream()
                .map(Segment::header)
                .filter(header -> header.base() <= offset)
                .map(header -> new LogMark.Part(
                        header.number(),
                        header.base(),
                        header.salt(),
                        Math.min(fileBytes.getOrDefault(header.number(), 0L), header.positionOf(offset))))
                .toList();
    }

    /** The segments that end at or before an offset, oldest first; never the newest. */
    List<Segment> wholeBefore(long offset) {
        List<Segment> all = segments;
        int count = 0;
        while (count + 1 < all.size() && all.get(count + 1).header().base() <= offset) {
            count++;
        }
        return all.subList(0, count);
    }

    /** The segment behind one that is not the newest. */
    Segment after(Segment segment) {
        List<Segment> all = segments;
        return all.get(indexAt(all, segment.header().base()) + 1);
    }

    long bytesOf(List<Segment> some) {
        return some.stream()
                .mapToLong(segment -> fileBytes.getOrDefault(segment.header().number(), 0L))
                .sum();
    }

    /** Throws if what lay at this offset has been dropped. */
    void requireKept(long offset) throws WalDroppedException {
        long first = firstOffset();
        if (offset < first) {
            throw new WalDroppedException(offset, first);
        }
    }

    /** Forgets the oldest segments, up to the one of this number. */
    synchronized void dropBefore(long number) {
        segments = segments.stream()
                .filter(segment -> segment.header().number() >= number)
                .toList();
        fileBytes.keySet().removeIf(known -> known < number);
    }

    /** The room that is kept for what must be logged on a full disk. */
    Reserve reserve() {
        return reserve;
    }

    /**
     * Creates the next segment, under another name first. When this returns, its header and its name are durable.
     *
     * @param base where its offsets begin
     * @param cutFrom from where up to {@code base} the offsets are void; {@code base} itself if none are
     * @param durableOffset how far the log before it is known to be durable
     * @param room how many bytes behind the header are taken from the disk at once
     * @throws NoRoomException if the disk does not give the file or its room; the log is as it was then
     */
    SegmentWriter create(long base, long cutFrom, long durableOffset, long room) throws IOException {
        String draft = names.ofDraft();
        long bytes = SegmentHeader.BYTES + room;
        storage.delete(draft);
        try (LogFile file = storage.create(draft)) {
            Room.take(file, 0, bytes);
        } catch (IOException full) {
            throw noRoom(draft, bytes, full);
        }
        return begin(draft, bytes, base, cutFrom, durableOffset);
    }

    private NoRoomException noRoom(String draft, long bytes, IOException cause) {
        NoRoomException full = new NoRoomException(
                "there is no room for a new file of " + bytes + " bytes: " + cause.getMessage(), cause);
        try {
            storage.delete(draft);
        } catch (IOException alsoFailed) {
            full.addSuppressed(alsoFailed);
        }
        return full;
    }

    /**
     * As {@link #create}, with the reserve as its file.
     *
     * @throws NoRoomException if the reserve is not so large; the log is as it was then
     */
    SegmentWriter createFromReserve(long base, long cutFrom, long durableOffset, long room, IOException why)
            throws IOException {
        long bytes = reserve.bytes();
        if (bytes < SegmentHeader.BYTES + room) {
            throw new NoRoomException(
                    why.getMessage() + "; " + room + " bytes are needed, and the reserve has " + bytes, why);
        }
        SegmentWriter writer = begin(reserve.file(), bytes, base, cutFrom, durableOffset);
        reserve.noteTaken();
        return writer;
    }

    /** A file gets its name only when its header is durable, so a segment without a header was damaged. */
    private SegmentWriter begin(String prepared, long bytes, long base, long cutFrom, long durableOffset)
            throws IOException {
        SegmentHeader header = nextHeader(base, cutFrom);
        String name = names.of(header.number());
        Segment segment = new Segment(name, header, keys.of(header, name));
        try (LogFile file = storage.openToWrite(prepared)) {
            file.write(0, header.encode(), 0, SegmentHeader.BYTES);
            if (forcing) {
                file.force();
            }
        }
        storage.rename(prepared, segment.file());
        if (forcing) {
            storage.syncDirectory();
        }
        LogFile file = storage.openToWrite(segment.file());
        lastNumber++;
        predecessor = lastNumber;
        add(segment);
        return new SegmentWriter(this, segment, file, bytes, durableOffset);
    }

    /** What is copied from an older segment stays compressed. */
    private SegmentHeader nextHeader(long base, long cutFrom) {
        boolean mayHoldCompressed = format.compresses()
                || segments.stream().anyMatch(one -> one.header().mayHoldCompressed());
        int flags =
                (format.encrypts() ? SegmentHeader.ENCRYPTED : 0) | (mayHoldCompressed ? SegmentHeader.COMPRESSED : 0);
        return new SegmentHeader(
                lastNumber + 1,
                base,
                storeId,
                random.nextInt(),
                clock.millis(),
                predecessor,
                cutFrom,
                flags,
                keys.currentId(),
                format.encrypts() ? new UUID(random.nextLong(), random.nextLong()) : new UUID(0, 0));
    }

    /** How bodies are written. */
    BodyFormat format() {
        return format;
    }

    private synchronized void add(Segment segment) {
        SegmentHeader header = segment.header();
        if (header.followsRecovery()) {
            voids = voids.plus(new VoidRange(header.cutFrom(), header.base()));
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
        return voids.skip(offset);
    }

    /** Where the first cut range behind an offset begins. */
    long nextVoid(long offset) {
        return voids.next(offset);
    }

    long firstOffset() {
        return segments.get(0).header().base();
    }

    /** How large a segment grows. */
    long segmentBytes() {
        return segmentBytes;
    }

    /** Whether waiting for durability forces the disk. */
    boolean isForcing() {
        return forcing;
    }

    /** Forces a full segment, also with forcing switched off. */
    void force(Segment segment) throws IOException {
        storage.force(segment.file());
    }

    /** Makes the names of the segments durable, also with forcing switched off. */
    void syncDirectory() throws IOException {
        storage.syncDirectory();
    }

    UUID storeId() {
        return storeId;
    }

    String describe(Segment segment) {
        return storage.describe(segment.file());
    }
}
