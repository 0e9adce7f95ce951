package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.EnqueuedSummary;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalSegment;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the room that finished operations take in the log, a step at a time. The oldest segment is dropped once
 * nothing in it counts. If the log takes too much room for what counts in it, what is left in the oldest segment is
 * appended again, with its lifecycle of that moment, so that the segment can go.
 *
 * <p><b>Durability:</b> the index learns the new place of an operation when it has been forced, and a segment goes only
 * after that. A crash at any moment leaves each operation in one place at least, and its copies say the same.
 *
 * <p><b>Threads:</b> confined to one. The ledger's lock is taken for short looks and for appending to memory.
 */
final class Compactor {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    /** How many rows of the index are looked at under one hold of the lock: about a tenth of a millisecond. */
    private static final int ROWS_A_LOOK = 4_096;

    /** How much is copied under one hold of the lock, and with one force. */
    private static final long MAX_STEP_BYTES = 256 * 1024;

    /** Until what holds a segment up has passed. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Each opening leaves a segment, often an almost empty one. So many are too few to be worth the copying. */
    private static final long SMALL_SEGMENTS = 32;

    /**
     * As for {@link #SMALL_SEGMENTS}, for each segment's worth of operations that may have to be copied to get there.
     */
    private static final long SMALL_SEGMENTS_PER_SEGMENT = 4;

    /** So little garbage is left alone even on a full disk. */
    private static final long BYTES_BELOW_NOTICE = 64 * 1024;

    private record Look(boolean complete, long unpublishedFrom, long liveInOldest, long live) {}

    private record Original(Entry entry, Operation operation) {}

    private record Copy(long from, LogPlace place, EnqueuedSummary summary) {}

    private final Ledger ledger;
    private final Journal journal;
    private final Intake intake;
    private final FileOutboxStore.Config config;
    private final long incarnation;
    private final long openedAt;

    /** Where the log says last which life of the store this is. */
    private long lastOpenedAt;

    /** The end of the segment that is being emptied. */
    private long emptyingBelow = -1;

    private long complainedAt = -1;
    private int nextRow;
    private long movedInPass;
    private final Deque<Entry> found = new ArrayDeque<>();

    Compactor(StoreParts parts, Ledger ledger, Intake intake) {
        this.ledger = ledger;
        this.journal = parts.journal();
        this.intake = intake;
        this.config = parts.config();
        this.incarnation = parts.incarnation();
        this.openedAt = parts.openedAtOffset();
        this.lastOpenedAt = openedAt;
    }

    /**
     * Does a little.
     *
     * @return how long to rest before the next step; empty if there is nothing to do until something changes
     * @throws OutboxStoreException if the log takes no more
     * @throws IOException if a file cannot be deleted
     */
    Optional<Duration> step() throws IOException {
        List<WalSegment> segments = journal.segments();
        if (segments.size() < 2) {
            return journal.room().isShort() ? giveNewestUp(segments.get(0)) : Optional.empty();
        }
        long end = segments.get(0).endOffset();
        Look look = ledger.read(index -> look(index, end));
        if (!look.complete()) {
            return Optional.of(Duration.ZERO);
        }
        if (look.unpublishedFrom() < end) {
            return Optional.of(PAUSE);
        }
        if (look.liveInOldest() == 0) {
            drop(end);
            return Optional.of(Duration.ZERO);
        }
        if (emptyingBelow != end) {
            if (!takesTooMuch(segments, look.live())) {
                return Optional.empty();
            }
            beginToEmpty(end);
        }
        return Optional.of(moveSome());
    }

    /**
     * On a full disk the only file is ended early if most of it counts no more: others are dropped, the newest never.
     */
    private Optional<Duration> giveNewestUp(WalSegment newest) throws IOException {
        long live = ledger.read(OutboxIndex::liveBytes);
        if (newest.endOffset() - newest.firstOffset() <= 2 * live + BYTES_BELOW_NOTICE) {
            return Optional.empty();
        }
        journal.beginNextSegment();
        return Optional.of(Duration.ZERO);
    }

    private Look look(OutboxIndex index, long end) {
        if (index.watchedEnd() != end) {
            index.watchBelow(end);
        }
        boolean complete = index.countOn(ROWS_A_LOOK);
        return new Look(complete, intake.unpublishedFrom(), index.liveBytesBelow(), index.liveBytes());
    }

    private boolean takesTooMuch(List<WalSegment> segments, long live) {
        long disk = segments.stream().mapToLong(WalSegment::bytes).sum();
        long small = segments.stream()
                .filter(segment -> segment.endOffset() <= openedAt && segment.bytes() < config.segmentBytes() / 4)
                .count();
        long tolerated = journal.room().isShort() ? BYTES_BELOW_NOTICE : config.segmentBytes();
        return disk > 2 * (live + tolerated)
                || small > SMALL_SEGMENTS + SMALL_SEGMENTS_PER_SEGMENT * (live / config.segmentBytes());
    }

    /** What goes with the segment and cannot be told from the index is said again before. */
    private void drop(long end) throws IOException {
        if (lastOpenedAt < end) {
            WalRecord opened = new WalRecord.Opened(incarnation, config.clock().millis());
            lastOpenedAt = ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> change.log(opened));
        }
        long bytes = journal.dropBefore(end);
        LOG.debug("{}: gave {} bytes of its log free", journal.name(), bytes);
    }

    private void beginToEmpty(long end) {
        emptyingBelow = end;
        nextRow = 0;
        movedInPass = 0;
        found.clear();
    }

    /** Goes through the index in passes: what changed while it was copied is left for the next one. */
    private Duration moveSome() {
        if (found.isEmpty() && nextRow == Slots.NONE) {
            boolean stuck = movedInPass == 0;
            beginToEmpty(emptyingBelow);
            return stuck ? PAUSE : Duration.ZERO;
        }
        if (found.isEmpty()) {
            nextRow = ledger.read(index -> index.forEachBelow(emptyingBelow, nextRow, ROWS_A_LOOK, found::add));
        }
        long bytes = copy(readSome());
        movedInPass += bytes;
        return Duration.ofNanos((long) (bytes * 1e9 / config.compactionBytesPerSecond()));
    }

    private List<Original> readSome() {
        List<Original> originals = new ArrayList<>();
        long budget = Math.min(MAX_STEP_BYTES, config.segmentBytes() / 4);
        for (long bytes = 0; bytes < budget && !found.isEmpty(); ) {
            Entry entry = found.remove();
            bytes += entry.intentBytes + entry.errorBytes;
            try {
                originals.add(new Original(entry, journal.operation(EntryState.of(entry))));
            } catch (OutboxStoreException unreadable) {
                complain(entry, unreadable);
            }
        }
        return originals;
    }

    /** Once a segment: it is tried again all the time, since a person may do away with the operation. */
    private void complain(Entry entry, OutboxStoreException unreadable) {
        if (complainedAt != emptyingBelow) {
            complainedAt = emptyingBelow;
            LOG.error(
                    "operation '{}' of {} cannot be read, so its file and all that follow are kept; cancel and prune it"
                            + " if it cannot be mended",
                    entry.id,
                    journal.name(),
                    unreadable);
        }
    }

    /** Returns how many bytes the copies take. */
    private long copy(List<Original> originals) {
        if (originals.isEmpty()) {
            return 0;
        }
        journal.room().requireFor(bytesOf(originals));
        List<Copy> copies = ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> append(change, originals));
        if (!copies.isEmpty()) {
            journal.awaitDurable(copies.get(copies.size() - 1).place().offset());
            ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> publish(change.index(), copies));
        }
        return copies.stream().mapToLong(copy -> copy.place().bytes()).sum();
    }

    /** A claim that is said again is among what must be there for outcomes. */
    private static long bytesOf(List<Original> originals) {
        return originals.stream()
                .mapToLong(original -> WalRecord.Enqueued.mostBytes(original.operation()))
                .sum();
    }

    /** Look and append are one change, so that no record about the same operation slips in between. */
    private static List<Copy> append(Ledger.Change change, List<Original> originals) {
        List<Copy> copies = new ArrayList<>();
        for (Original original : originals) {
            Entry was = original.entry();
            Entry is = change.index().find(was.id);
            if (is != null && is.intentOffset == was.intentOffset && is.errorOffset == was.errorOffset) {
                copies.add(append(change, is, original.operation()));
            }
        }
        return copies;
    }

    /** A claim is said again behind its operation; a running store goes on to know it by its first token. */
    private static Copy append(Ledger.Change change, Entry entry, Operation operation) {
        Operation.Restorer now =
                Operation.restore(EntryState.of(entry).restore(operation, operation.lastError(), operation.answer()));
        WalRecord.Enqueued copy = new WalRecord.Enqueued(
                (entry.isInFlight() ? now.status(entry.claimedFrom) : now).build(),
                entry.seq,
                entry.ambiguous,
                entry.dueWasAsked);
        LogPlace place = change.append(copy);
        if (entry.isInFlight()) {
            change.append(new WalRecord.Claimed(entry.id, entry.claimOwner, entry.updatedAtMs));
        }
        return new Copy(entry.intentOffset, place, EnqueuedSummary.of(copy));
    }

    /** What was forgotten meanwhile has no place any more, even if a new operation has taken its id. */
    private static int publish(OutboxIndex index, List<Copy> copies) {
        for (Copy copy : copies) {
            Entry entry = index.find(copy.summary().id());
            if (entry != null && entry.intentOffset == copy.from()) {
                index.insert(copy.summary(), copy.place());
            }
        }
        return copies.size();
    }
}
