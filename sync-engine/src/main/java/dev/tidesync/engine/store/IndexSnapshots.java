package dev.tidesync.engine.store;

import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.wal.LogMark;
import dev.tidesync.engine.wal.WalSegment;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a snapshot of the index from time to time, a step at a time, and when the store is closed, so that the next
 * opening need not read the log before it. What fails here harms no operation: the log has everything.
 *
 * <p><b>Durability:</b> the log is forced up to the snapshot's mark before there is a snapshot.
 *
 * <p><b>Threads:</b> steps are taken by the one that drops segments; whoever closes waits for the step it is in. The
 * ledger's lock is taken for short looks; an operation that changes meanwhile is noted as it was by who changes it.
 */
final class IndexSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(IndexSnapshots.class);

    /** How many rows are noted under one hold of the lock, less in a store of small segments: a millisecond. */
    private static final int MAX_ROWS_A_STEP = 2_048;

    /** About what an operation takes in a snapshot. */
    private static final long OPERATION_BYTES = 80;

    /** Closing writes one for this much less of the log than a running store does: it is the last chance. */
    private static final long LESS_AT_CLOSE = 16;

    private final Ledger ledger;
    private final Journal journal;
    private final Intake intake;
    private final SnapshotFile file;
    private final FileOutboxStore.Config config;
    private final long incarnation;
    private final int rowsAStep;

    /** Where in the log the last snapshot was made, or tried. */
    private long lastMark;

    private @Nullable Making making;

    /** A snapshot in the making. */
    private record Making(RowCut cut, SnapshotEncoder encoder, SnapshotFile.Draft draft) {}

    /** What a snapshot says first, as far as it is known before the log is forced. */
    private record Beginning(long mark, long operations, long latestMs, RowCut cut) {}

    IndexSnapshots(StoreParts parts, Ledger ledger, Intake intake) {
        this.ledger = ledger;
        this.journal = parts.journal();
        this.intake = intake;
        this.file = parts.snapshotFile();
        this.config = parts.config();
        this.incarnation = parts.incarnation();
        this.rowsAStep = (int) Math.min(MAX_ROWS_A_STEP, config.segmentBytes() / OPERATION_BYTES / 8);
        this.lastMark = parts.snapshotMark();
    }

    /**
     * Does a little, if so much of the log has been written since the last snapshot that another one is due.
     *
     * @return how long to rest before the next step; empty if there is nothing to do until something changes
     * @throws OutboxStoreException if the log takes no more
     */
    synchronized Optional<Duration> step() {
        if (making == null && !isDue(1)) {
            return Optional.empty();
        }
        advance();
        return Optional.of(Duration.ZERO);
    }

    /**
     * Writes one when nothing more will be done, if that saves the next opening something.
     *
     * @throws OutboxStoreException if the log took records until now, and fails: what was logged may be lost
     */
    synchronized void finish() {
        boolean logFailedBefore = journal.hasFailed();
        try {
            giveUp();
            boolean more = !logFailedBefore && isDue(LESS_AT_CLOSE);
            while (more) {
                more = advance();
            }
        } catch (OutboxStoreException failure) {
            journal.requireWritable();
            LOG.debug("no snapshot is made of an index that cannot be read", failure);
        }
    }

    /** Of an encrypted log there is none, since it would hold ids, kinds and ordering keys in the clear. */
    private boolean isDue(long divisor) {
        if (config.encrypts()) {
            return false;
        }
        long operations = ledger.read(OutboxIndex::size);
        return bytesSince(lastMark) >= Math.max(config.segmentBytes(), operations * OPERATION_BYTES) / divisor;
    }

    /** How much of the log an opening would have to read if the last snapshot ended there. */
    private long bytesSince(long mark) {
        return journal.segments().stream()
                .filter(segment -> segment.endOffset() > mark)
                .mapToLong(segment -> bytesSince(mark, segment))
                .sum();
    }

    private static long bytesSince(long mark, WalSegment segment) {
        long content = Math.min(segment.bytes(), segment.endOffset() - segment.firstOffset());
        return Math.max(0, content - Math.max(0, mark - segment.firstOffset()));
    }

    /** False when nothing is left to do. */
    private boolean advance() {
        try {
            if (making == null) {
                making = begin();
            }
            return writeSome(making);
        } catch (IOException failure) {
            LOG.warn(
                    "{} could not be written; nothing is lost, but the next opening will take longer: {}",
                    file.describe(),
                    DiskTrouble.describe(failure));
            giveUp();
            return false;
        } catch (OutboxStoreException failure) {
            giveUp();
            throw failure;
        }
    }

    private Making begin() throws IOException {
        SnapshotEncoder encoder = new SnapshotEncoder();
        Beginning beginning = ledger.read(index -> cut(index, encoder));
        lastMark = beginning.mark();
        boolean complete = false;
        try {
            LogMark mark = journal.forceMark(beginning.mark());
            SnapshotFile.Draft draft =
                    file.begin(new SnapshotHead(mark, incarnation, beginning.latestMs(), beginning.operations()));
            complete = true;
            return new Making(beginning.cut(), encoder, draft);
        } finally {
            if (!complete) {
                abandon(beginning.cut());
            }
        }
    }

    /** Everything that was appended before the mark is in the cut, and nothing else. */
    private Beginning cut(OutboxIndex index, SnapshotEncoder encoder) {
        RowCut cut = index.beginCut(entry -> encoder.add(entry, index.orderingKey(entry)));
        long unpublished = intake.forEachUnpublished((summary, place) ->
                index.preview(summary, place, entry -> encoder.add(entry, index.orderingKey(entry))));
        return new Beginning(journal.appendMark(), index.size() + unpublished, index.latestMs(), cut);
    }

    private boolean writeSome(Making current) throws IOException {
        boolean complete = ledger.read(index -> current.cut().goOn(rowsAStep));
        current.draft().add(ledger.read(index -> current.encoder().take()));
        if (complete) {
            current.draft().complete();
            making = null;
        }
        return !complete;
    }

    private void giveUp() {
        Making current = making;
        making = null;
        if (current != null) {
            try {
                abandon(current.cut());
            } finally {
                current.draft().discard();
            }
        }
    }

    private void abandon(RowCut cut) {
        ledger.read(index -> {
            cut.abandon();
            return cut;
        });
    }
}
