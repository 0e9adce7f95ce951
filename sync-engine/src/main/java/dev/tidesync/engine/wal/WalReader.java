package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log's records in the order they were appended, from any offset on, also while more are appended. Those that
 * the log writes for itself are among them. Damage is warned of, once, and passed over.
 *
 * <p>Confined to one thread.
 */
public final class WalReader {
    private final SegmentCatalog catalog;
    private final SegmentFiles files;
    private final WalWriter writer;
    private final DamageLog damageLog;
    private @Nullable FrameScanner frames;
    private @Nullable Segment scanned;
    private long scannedBytes;
    private List<WalRecord> sharing = List.of();
    private int shared;
    private long end;
    private long next;
    private long recordOffset = -1;

    WalReader(SegmentCatalog catalog, SegmentFiles files, WalWriter writer, DamageLog damageLog) {
        this.catalog = catalog;
        this.files = files;
        this.writer = writer;
        this.damageLog = damageLog;
        this.next = catalog.firstOffset();
    }

    /** Goes on at the first record at or behind this offset. */
    public void seek(long offset) {
        next = Math.max(offset, catalog.firstOffset());
        sharing = List.of();
        shared = 0;
    }

    /**
     * The next record; empty at the end of the log, where a later call finds what was appended since.
     *
     * @throws WalDroppedException if what comes next has been dropped meanwhile; {@link #seek} goes on where the log
     *     begins now
     * @throws IOException if the disk fails
     */
    public Optional<WalRecord> next() throws IOException {
        if (shared < sharing.size()) {
            recordOffset++;
            return Optional.of(sharing.get(shared++));
        }
        Optional<FrameScanner> frame = advance();
        if (frame.isEmpty()) {
            return Optional.empty();
        }
        sharing = frame.get().records();
        shared = 1;
        return Optional.of(sharing.get(0));
    }

    /**
     * Hands the records of the next frame to an indexer, in part if that is enough; false at the end of the log.
     *
     * @throws IOException if the disk fails
     */
    boolean next(WalIndexer indexer) throws IOException {
        Optional<FrameScanner> found = advance();
        if (found.isEmpty()) {
            return false;
        }
        found.get().handTo(indexer);
        return true;
    }

    private Optional<FrameScanner> advance() throws IOException {
        long from = next;
        try {
            catalog.requireKept(from);
            return find();
        } catch (IOException failure) {
            catalog.requireKept(from);
            throw failure;
        }
    }

    private Optional<FrameScanner> find() throws IOException {
        if (next >= end) {
            writer.flush();
            end = writer.writtenOffset();
        }
        next = catalog.skipVoid(next);
        while (next < end) {
            Segment segment = catalog.at(next);
            FrameScanner scanner = scanner(segment);
            long stretchEnd = Math.min(end, Math.min(catalog.endOf(segment), catalog.nextVoid(next)));
            if (findIn(scanner, segment, stretchEnd)) {
                recordOffset = scanner.offset();
                next = segment.header().offsetOf(scanner.nextPosition());
                return Optional.of(scanner);
            }
            next = catalog.skipVoid(stretchEnd);
        }
        return Optional.empty();
    }

    private FrameScanner scanner(Segment segment) {
        if (frames == null || !segment.equals(scanned)) {
            scanned = segment;
            scannedBytes = 0;
            frames = new FrameScanner(
                    segment, files.source(segment.file()), FrameScanner.SCAN_WINDOW_BYTES, this::tellDamage);
        }
        return frames;
    }

    private boolean findIn(FrameScanner scanner, Segment segment, long stretchEnd) throws IOException {
        long endPosition = readable(segment, segment.header().positionOf(stretchEnd));
        scanner.limit(endPosition, endPosition);
        scanner.seek(segment.header().positionOf(next));
        return scanner.next();
    }

    /**
     * Where reading has to stop: a segment may be shorter than its offsets. Its size is asked for only if it matters.
     */
    private long readable(Segment segment, long wanted) throws IOException {
        if (wanted > scannedBytes) {
            scannedBytes = files.size(segment.file());
        }
        return Math.min(wanted, scannedBytes);
    }

    /** A gap right where the search began is not damage: any offset may be asked for. */
    private void tellDamage(FrameScanner.Gap gap) {
        if (gap.segment().header().offsetOf(gap.from()) != FrameFormat.align(next)) {
            damageLog.report(gap);
        }
    }

    /** How long the frame is that was read last, where it was read for an indexer. */
    long frameBytes() {
        return next - recordOffset;
    }

    /** Where the next record is looked for: behind the one read last. */
    public long currentOffset() {
        return next;
    }

    /** Where the record read last begins; -1 before the first. */
    public long recordOffset() {
        return recordOffset;
    }
}
