package dev.tidesync.engine.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A look at a log that changes nothing: nothing is recovered, cut off, written again or deleted, and no lock is taken.
 * Of a log that is in use it shows a moment; what is being written just then looks like a torn tail.
 *
 * <p>Confined to one thread.
 */
public final class LogInspection implements Closeable {
    /**
     * A frame of the log.
     *
     * @param file the segment's file name
     * @param position where in the file the frame begins, in bytes
     * @param offset its logical offset
     * @param bytes how long it is, in bytes
     * @param counts whether an opening of the log would go by it: not if it is in a torn tail, in a range that a
     *     recovery declared void, or before the beginning of the log
     * @param records what is in it: one record, or several that share it
     */
    public record Frame(String file, long position, long offset, long bytes, boolean counts, List<WalRecord> records) {
        /** Copies the list. */
        public Frame {
            records = List.copyOf(records);
        }
    }

    private final SegmentListing listing;
    private final SegmentFiles files;
    private final LogScan scan;

    private LogInspection(SegmentListing listing, SegmentFiles files, LogScan scan) {
        this.listing = listing;
        this.files = files;
        this.scan = scan;
    }

    /**
     * Reads the whole log once.
     *
     * @param stem what the names of its files begin with
     * @throws WalFormatException if the files are of a newer format, or of two logs
     * @throws IOException if the disk fails, or a file is deleted while it is read, as the owner of a log may do
     */
    public static LogInspection of(LogStorage storage, String stem) throws IOException {
        return of(storage, stem, LogKeys.none());
    }

    /**
     * As {@link #of(LogStorage, String)}, of a log that may be encrypted. What is encrypted with a key that is not
     * given is checked and counted; its records show as {@link WalRecord.Unknown}.
     */
    public static LogInspection of(LogStorage storage, String stem, LogKeys keys) throws IOException {
        SegmentFiles files = new SegmentFiles(storage);
        try {
            SegmentListing listing =
                    SegmentListing.read(storage, files, new SegmentName(stem), keys.passingOverMissing());
            return new LogInspection(
                    listing,
                    files,
                    LogScan.of(listing, files, EarlyIndexing.none(), new ReadProgress(WalIndexer.NOBODY)));
        } catch (IOException | RuntimeException failure) {
            files.close();
            throw failure;
        }
    }

    /** The files there are, in the order of the log, whether they count or not. */
    public List<WalSegment> segments() {
        return listing.segments().stream().map(this::describe).toList();
    }

    private WalSegment describe(Segment segment) {
        long bytes = listing.size(segment);
        SegmentHeader header = segment.header();
        return new WalSegment(header.number(), header.base(), header.offsetOf(bytes), bytes);
    }

    /** What was durable once and cannot be read; empty for a sound log. */
    public List<Damage> damages() {
        return scan.damages();
    }

    /** Everything below this offset was forced to disk. */
    public long watermark() {
        return scan.watermark();
    }

    /** How many bytes at the end were never reported durable and do not verify: a crash interrupted them. */
    public long tornBytes() {
        return scan.tornBytes();
    }

    /** How many records only a newer version can read. */
    public long unknownRecords() {
        return scan.unknownRecords();
    }

    /**
     * Hands every frame that verifies on, in the order of the log.
     *
     * @throws IOException if the disk fails, or a file is deleted meanwhile
     */
    public void forEachFrame(Consumer<Frame> consumer) throws IOException {
        for (Segment segment : listing.segments()) {
            FrameScanner frames =
                    new FrameScanner(segment, files.source(segment.file()), FrameScanner.SCAN_WINDOW_BYTES, gap -> {});
            long size = listing.size(segment);
            frames.limit(size, size);
            while (frames.next()) {
                consumer.accept(new Frame(
                        segment.file(),
                        frames.position(),
                        frames.offset(),
                        frames.nextPosition() - frames.position(),
                        counts(segment, frames.offset()),
                        frames.records()));
            }
        }
    }

    private boolean counts(Segment segment, long offset) {
        return scan.live().contains(segment)
                && offset < scan.tornFrom()
                && !scan.voids().contains(offset);
    }

    /** Lets the files go. */
    @Override
    public void close() throws IOException {
        files.close();
    }
}
