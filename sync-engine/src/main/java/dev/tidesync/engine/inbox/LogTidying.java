package dev.tidesync.engine.inbox;

import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalSegment;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the room of an inbox's log free: says again, at its head, all that is still known, and drops every segment
 * before. What is said again changes nothing, so a crash in the midst of it costs only room.
 *
 * <p>It goes on in small steps, so that arrivals come in between. Used once, by one thread.
 */
final class LogTidying {
    private static final Logger log = LoggerFactory.getLogger(LogTidying.class);

    /** What a key that is said again takes on disk, and an operation beside its payload. Rather too much. */
    private static final long BYTES_PER_KEY = 160;

    private static final long BYTES_PER_WAITING = 1024;
    private static final int SLOTS_PER_STEP = 4096;

    private final Wal wal;
    private final InboxIndex index;
    private final FileInbox.Config config;
    private final InboxLedger ledger;
    private int movesSeen = -1;
    private int nextSlot;
    private boolean keysSaid;

    LogTidying(Wal wal, InboxIndex index, FileInbox.Config config, InboxLedger ledger) {
        this.wal = wal;
        this.index = index;
        this.config = config;
        this.ledger = ledger;
    }

    /** Tidies up if the log is more than twice as large as what it has to say, and two segments. */
    void runIfWorthwhile() {
        List<WalSegment> segments = wal.segments();
        long bytes = segments.stream().mapToLong(WalSegment::bytes).sum();
        long[] live = new long[1];
        boolean open = ledger.alone(() -> live[0] =
                index.keys().size() * BYTES_PER_KEY + index.waitingCount() * BYTES_PER_WAITING + index.waitingBytes());
        if (open && segments.size() > 2 && bytes > 2 * (live[0] + config.segmentBytes())) {
            run(segments.get(segments.size() - 1).firstOffset());
        }
    }

    /** Those that wait come first: one that is handled meanwhile is then said again as a key. */
    private void run(long end) {
        try {
            if (sayWaiting(end) && sayKeys() && sayMarks()) {
                long freed = wal.dropBefore(end);
                log.debug("{}: {} bytes of the log given free", config.name(), freed);
            }
        } catch (IOException | OutboxStoreException failure) {
            log.warn("{}: its log could not be tidied up; it keeps its size for now", config.name(), failure);
        }
    }

    private boolean sayMarks() {
        return ledger.alone(() -> index.marks().forEach(ledger::restate));
    }

    /** Says every handled key again; if slots move meanwhile, all over. */
    private boolean sayKeys() throws IOException {
        while (!keysSaid) {
            if (!ledger.alone(this::saySomeKeys)) {
                return false;
            }
            wal.writer().force();
        }
        return true;
    }

    private void saySomeKeys() {
        KeyTable keys = index.keys();
        if (keys.moves() != movesSeen) {
            movesSeen = keys.moves();
            nextSlot = 0;
        }
        int to = Math.min(nextSlot + SLOTS_PER_STEP, keys.slotLimit());
        for (; nextSlot < to; nextSlot++) {
            if (keys.isUsed(nextSlot) && keys.isHandled(nextSlot)) {
                ledger.restate(index.remembered(nextSlot));
            }
        }
        keysSaid = nextSlot == keys.slotLimit();
    }

    private boolean sayWaiting(long end) throws IOException {
        List<Waiting> before = new ArrayList<>();
        boolean open = ledger.alone(() ->
                index.waiting().stream().filter(waiting -> waiting.offset < end).forEach(before::add));
        for (int i = 0; open && i < before.size(); i++) {
            Waiting waiting = before.get(i);
            WalRecord.Received again = ledger.again(waiting);
            open = ledger.alone(() -> {
                if (index.isWaiting(waiting)) {
                    waiting.offset = ledger.restate(again);
                }
            });
            wal.writer().flushSoon();
        }
        return open;
    }
}
