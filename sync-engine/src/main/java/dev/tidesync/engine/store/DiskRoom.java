package dev.tidesync.engine.store;

import dev.tidesync.engine.disk.DiskTrouble;
import dev.tidesync.engine.wal.NoRoomException;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;

/**
 * The room that the disk has for the log, in three tiers. New operations are taken in only where there is room for
 * them, and a whole reserve besides. Claims are given out, and operations copied, only where what comes of them can
 * still be logged. Everything else is logged without asking, and goes into the reserve when the disk is full.
 *
 * <p><b>Threads:</b> safe for use by many. To ask costs no I/O; to make room does, so the ledger's lock must not be
 * held.
 */
final class DiskRoom {
    /** The least reserve: opening a store on a full disk takes a few KiB of it each time. */
    private static final long LEAST_RESERVE_BYTES = 128 * 1024;

    /** What delivering one operation takes in the log: its share of a claim and of a watermark, and its outcome. */
    private static final long BYTES_PER_DELIVERY = 96;

    /** Room for outcomes of what is in flight, with their errors. */
    private static final long OUTCOME_BYTES = 16 * 1024;

    private final Wal wal;
    private final String name;
    private final long segmentBytes;

    DiskRoom(Wal wal, String name, long segmentBytes) {
        this.wal = wal;
        this.name = name;
        this.segmentBytes = segmentBytes;
    }

    /** Whether operations of so many bytes can be taken in, while others are to be delivered. */
    boolean isThereFor(long bytes, long unfinished) {
        return bytes == 0 || wal.writer().hasRoom(bytes, reserveFor(unfinished));
    }

    /**
     * Takes that room from the disk.
     *
     * @throws OutboxStoreException if the disk is full, which may pass, or if the log takes no more
     */
    void make(long bytes, long unfinished) {
        make(bytes, reserveFor(unfinished), name + " takes nothing new, since its disk is full");
    }

    /** As much as it takes to deliver everything in the oldest segment, so that it can go and gives more. */
    private long reserveFor(long unfinished) {
        long wanted = Math.max(LEAST_RESERVE_BYTES, nextPowerOfTwo(unfinished * BYTES_PER_DELIVERY));
        return Math.min(wanted, Math.max(segmentBytes / 4, Math.min(LEAST_RESERVE_BYTES, segmentBytes)));
    }

    private static long nextPowerOfTwo(long value) {
        return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
    }

    /**
     * Sees to it that what comes of claims, or of copies of so many bytes, can be logged.
     *
     * @throws OutboxStoreException if the disk is so full that it might not; that may pass
     */
    void requireFor(long bytes) {
        long wanted = bytes + Math.min(OUTCOME_BYTES, segmentBytes / 4);
        if (!wal.writer().hasRoomOrReserve(wanted)) {
            make(wanted, 0, name + " is held up, since its disk is so full that outcomes could not be written down");
        }
    }

    /** Whether the disk last refused room. */
    boolean isShort() {
        return wal.writer().isShortOfRoom();
    }

    private void make(long bytes, long reserveBytes, String consequence) {
        try {
            wal.writer().makeRoom(bytes, reserveBytes);
        } catch (NoRoomException full) {
            throw new OutboxStoreException(
                    consequence + ": " + DiskTrouble.describe(full) + "; it goes on by itself when there is room again",
                    full);
        } catch (IOException failure) {
            throw Journal.takesNoMore(name, failure);
        }
    }
}
