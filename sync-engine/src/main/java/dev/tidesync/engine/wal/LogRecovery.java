package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log after whatever happened to it: finds out what is proven, moves what is valid but unproven into a new
 * segment, forces that, and only then declares the old place void. A crash at any point leaves a log that recovers to
 * the same records. The numbers in the comments are the steps of {@code docs/log-format.md}, section "Recovery".
 */
final class LogRecovery {
    /**
     * How far a new life's offsets begin behind all that is found of the old ones, so that offsets which a power cut
     * took back are not given out twice.
     */
    static final long LEAP = 1L << 30;

    /** Enough for the records that an opening itself writes, and a closing. */
    private static final int FIRST_RECORDS_BYTES = 512;

    /** Of what a crash left unused, so much is kept for a full disk. */
    private static final long MOST_RESERVED_BYTES = 128 * 1024;

    private static final Logger log = LoggerFactory.getLogger(LogRecovery.class);

    private final SegmentCatalog catalog;
    private final SegmentWriter active;
    private final WalRecovery report;

    private LogRecovery(SegmentCatalog catalog, SegmentWriter active, WalRecovery report) {
        this.catalog = catalog;
        this.active = active;
        this.report = report;
    }

    static LogRecovery run(
            LogStorage storage, SegmentFiles files, Wal.Config config, DamageLog damageLog, LogOpening opening)
            throws IOException {
        SegmentListing listing =
                SegmentListing.read(storage, files, new SegmentName(config.stem()), config.keys()); // 1
        SegmentCatalog catalog = new SegmentCatalog(storage, config, listing);
        LogScan scan = opening.scan(listing, files, catalog.storeId()); // 2, 3
        catalog.adopt(scan, listing);
        GroupBuffer copies = new GroupBuffer(config.format());
        long base = baseOfNext(listing, scan);
        copies.startAt(base);
        if (scan.begins().segment() > 0) {
            copies.add(scan.begins()); // the mark it was read from may lie in what is void from now on
        }
        long rewritten = copyUnproven(scan, files, listing, copies); // 4
        long given = giveZerosFree(storage, listing, scan);
        SegmentWriter active = begin(catalog, base, scan, copies.size() + FIRST_RECORDS_BYTES);
        catalog.reserve().growIfThereIsRoom(Math.min(given, MOST_RESERVED_BYTES));
        try {
            complete(active, copies, scan); // 5
            deleteLeftovers(storage, files, listing, scan.begins().segment()); // 6
        } catch (Throwable failure) {
            active.close();
            throw failure;
        }
        WalRecovery report = new WalRecovery(scan.damages(), scan.tornBytes(), rewritten, scan.unknownRecords()); // 7
        tell(report, damageLog, storage.describe(config.stem()));
        return new LogRecovery(catalog, active, report);
    }

    /**
     * What was taken ahead in a segment whose life ended by a crash, which may have been the reserve, is the room that
     * the next one needs. Returns how much it was.
     */
    private static long giveZerosFree(LogStorage storage, SegmentListing listing, LogScan scan) throws IOException {
        long given = 0;
        for (Segment segment : scan.live()) {
            if (scan.contentEnd(segment) < listing.size(segment)) {
                try (LogFile file = storage.openToWrite(segment.file())) {
                    file.truncate(scan.contentEnd(segment));
                }
                given += listing.size(segment) - scan.contentEnd(segment);
            }
        }
        return given;
    }

    private static SegmentWriter begin(SegmentCatalog catalog, long base, LogScan scan, long room) throws IOException {
        long cutFrom = Math.min(scan.watermark(), base);
        try {
            return catalog.create(base, cutFrom, scan.watermark(), room);
        } catch (NoRoomException full) {
            return catalog.createFromReserve(base, cutFrom, scan.watermark(), room, full);
        }
    }

    private static long baseOfNext(SegmentListing listing, LogScan scan) {
        boolean brandNew = listing.lastNumber() == 0;
        return brandNew ? 0 : FrameFormat.align(Math.max(listing.endOffset(), scan.watermark())) + LEAP;
    }

    private static long copyUnproven(LogScan scan, SegmentFiles files, SegmentListing listing, GroupBuffer copies)
            throws IOException {
        long from = scan.watermark();
        long to = scan.tornFrom();
        long count = 0;
        for (Segment segment : scan.live()) {
            FrameScanner frames =
                    new FrameScanner(segment, files.source(segment.file()), FrameScanner.SCAN_WINDOW_BYTES, gap -> {});
            frames.limit(listing.size(segment), listing.size(segment));
            frames.seek(segment.header().positionOf(from));
            while (frames.next() && frames.offset() < to) {
                if (!RecordType.isHousekeeping(frames.type())) {
                    copies.addCopy(frames);
                    count++;
                }
            }
        }
        return count;
    }

    private static void complete(SegmentWriter active, GroupBuffer copies, LogScan scan) throws IOException {
        if (!copies.isEmpty()) {
            active.write(copies);
            active.force();
        }
        if (active.segment().header().followsRecovery()) {
            GroupBuffer cut = new GroupBuffer(BodyFormat.PLAIN); // of nothing but records that are never encrypted
            cut.startAt(active.writtenOffset());
            cut.add(new WalRecord.TailCut(
                    scan.watermark(), active.segment().header().base()));
            active.write(cut);
            active.force();
        }
    }

    /** A crash came between the mark of where the log begins and the deletion of what lies before. */
    private static void deleteLeftovers(LogStorage storage, SegmentFiles files, SegmentListing listing, long begins)
            throws IOException {
        List<String> leftovers = listing.leftovers(begins);
        for (String leftover : leftovers) {
            files.forget(leftover);
            storage.delete(leftover);
        }
        if (!leftovers.isEmpty()) {
            storage.syncDirectory();
            log.info("deleted {} segments that were dropped before a crash", leftovers.size());
        }
    }

    private static void tell(WalRecovery report, DamageLog damageLog, String where) {
        for (Damage damage : report.damages()) {
            damageLog.report(damage);
        }
        if (report.cutBytes() > 0) {
            log.info(
                    "cut a torn tail of {} bytes off the log {}: a crash interrupted writes that were never reported"
                            + " durable",
                    report.cutBytes(),
                    where);
        }
        if (report.unknownRecords() > 0) {
            log.warn(
                    "{} records of the log {} were written by a newer version; they are kept, but have no effect",
                    report.unknownRecords(),
                    where);
        }
    }

    SegmentCatalog catalog() {
        return catalog;
    }

    SegmentWriter active() {
        return active;
    }

    WalRecovery report() {
        return report;
    }
}
