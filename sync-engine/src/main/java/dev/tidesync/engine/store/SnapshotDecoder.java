package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Puts the operations of a snapshot, as {@link SnapshotEncoder} wrote them, into an index. Confined to one thread. */
final class SnapshotDecoder {
    /** A row is made from the id alone, so nobody asks for its text. */
    private static final String NO_TEXT = "";

    private final OutboxIndex index;
    private final List<QueueKey> queues = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    SnapshotDecoder(OutboxIndex index) {
        this.index = index;
    }

    /**
     * Reads the items of a block.
     *
     * @throws UnusableSnapshotException if they make no sense
     */
    void read(ByteBuffer in) throws UnusableSnapshotException {
        try {
            while (in.hasRemaining()) {
                readItem(in);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException malformed) {
            throw new UnusableSnapshotException("an item in it cannot be read (" + malformed + ")");
        }
    }

    private void readItem(ByteBuffer in) {
        byte kind = in.get();
        switch (kind) {
            case SnapshotEncoder.QUEUE -> queues.add(new QueueKey(text(in), text(in)));
            case SnapshotEncoder.TEXT -> texts.add(text(in));
            case SnapshotEncoder.OPERATION -> readOperation(in);
            default -> throw new IllegalArgumentException("unknown item " + kind);
        }
    }

    private void readOperation(ByteBuffer in) {
        int flags = in.getInt();
        OperationId id =
                has(flags, SnapshotEncoder.ID_IS_UUID) ? index.idOf(in.getLong(), in.getLong()) : index.idOf(text(in));
        ReadyQueue queue = index.queueFor(queues.get(in.getInt()));
        boolean more = has(flags, SnapshotEncoder.HAS_MORE);
        Entry entry = more
                ? new Entry(NO_TEXT, queue, index.laneFor(text(in)), in.getLong())
                : new Entry(NO_TEXT, queue, Slots.NONE, 0);
        entry.intentOffset = in.getLong();
        entry.intentBytes = in.getInt();
        entry.seq = in.getLong();
        entry.updatedAtMs = in.getLong();
        entry.nextRetryAtMs = in.getLong();
        entry.dueAtMs = in.getLong();
        if (more) {
            readMore(in, entry);
        }
        entry.status = OperationStatus.ofCode(flags & SnapshotEncoder.STATUS_MASK);
        entry.claimedFrom =
                has(flags, SnapshotEncoder.CLAIMED_FROM_FAILED) ? OperationStatus.FAILED : OperationStatus.PENDING;
        entry.dueWasAsked = has(flags, SnapshotEncoder.DUE_WAS_ASKED);
        entry.ambiguous = has(flags, SnapshotEncoder.AMBIGUOUS);
        if (entry.isInFlight()) {
            entry.claimToken = in.getLong();
            entry.claimOwner = texts.get(in.getInt());
            entry.leaseStartMs = in.getLong();
        }
        index.restore(entry, id);
    }

    private void readMore(ByteBuffer in, Entry entry) {
        entry.attempt = in.getInt();
        entry.errorOffset = in.getLong();
        entry.errorBytes = in.getInt();
        entry.claimableBeyond = in.getLong();
        int reason = in.getInt();
        entry.notedReason = reason == Slots.NONE ? null : texts.get(reason);
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static String text(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        String text = new String(in.array(), in.arrayOffset() + in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }
}
