package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of a log an opening reads, and what its indexer gets: with a mark that the log bears out, what lies behind
 * it; else everything, most of it while it is scanned. Used for one opening and thrown away.
 */
final class LogOpening {
    private static final Logger log = LoggerFactory.getLogger(LogOpening.class);

    private final @Nullable LogMark mark;
    private final WalIndexer indexer;
    private final ReadProgress progress;
    private final String where;
    private long indexedBelow;

    /** @param mark up to where the indexer has everything already */
    LogOpening(Optional<LogMark> mark, WalIndexer indexer, String where) {
        this.mark = mark.orElse(null);
        this.indexer = indexer;
        this.progress = new ReadProgress(indexer);
        this.where = where;
    }

    LogScan scan(SegmentListing listing, SegmentFiles files, UUID storeId) throws IOException {
        if (mark != null) {
            try {
                LogScan scan = LogScan.behind(mark, listing, files, progress);
                indexedBelow = mark.offset();
                return scan;
            } catch (UnbelievedMarkException reason) {
                log.info("the snapshot of the log {} is not used: {}", where, reason.getMessage());
            }
        }
        indexer.begin(storeId);
        LogScan scan = LogScan.of(listing, files, EarlyIndexing.of(listing.segments(), indexer), progress);
        indexedBelow = scan.indexedBelow();
        if (indexedBelow == 0) {
            indexer.begin(storeId);
        }
        return scan;
    }

    /** Hands over the rest. */
    void finish(WalReader reader) throws IOException {
        reader.seek(indexedBelow);
        while (reader.next(indexer)) {
            progress.read(reader.frameBytes());
        }
    }
}
