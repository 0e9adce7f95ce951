package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns operations of the index into the items of a snapshot; {@link SnapshotDecoder} reads them. What many share is
 * said once, before it is first needed, and numbered in that order. Not safe for use by several threads.
 *
 * <pre>
 * queue:      1 | kind: text | destination: text
 * text:       2 | text
 * operation:  3 | flags (4) | id: 16 bytes, or text | queue (4)
 *   if more:    ordering key: text | expires at (8)
 *   always:     intent's offset (8) | intent's bytes (4) | seq (8) | updated at (8) | next retry at (8) | due at (8)
 *   if more:    attempt (4) | error's offset (8) | error's bytes (4) | claimable beyond (8)
 *             | noted reason: a text's number, -1 for none (4)
 *   in flight:  token (8) | owner: a text's number (4) | lease's start (8)
 * </pre>
 *
 * Numbers are little-endian; a text is its length in bytes (4) and UTF-8.
 */
final class SnapshotEncoder {
    static final byte QUEUE = 1;
    static final byte TEXT = 2;
    static final byte OPERATION = 3;

    static final int STATUS_MASK = 0x7;
    static final int CLAIMED_FROM_FAILED = 1 << 3;
    static final int DUE_WAS_ASKED = 1 << 4;
    static final int AMBIGUOUS = 1 << 5;
    static final int ID_IS_UUID = 1 << 6;
    static final int HAS_MORE = 1 << 7;

    /** Of an operation, its texts apart. */
    private static final int MAX_FIXED_BYTES = 160;

    private static final int FIRST_BYTES = 4 * 1024;

    /** What is looked at of an id is the same under every key. */
    private static final HashKey ANY_KEY = new HashKey(0, 0);

    private final Map<QueueKey, Integer> queues = new HashMap<>();
    private final Map<String, Integer> texts = new HashMap<>();
    private ByteBuffer out = buffer(FIRST_BYTES);

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds an operation. */
    void add(Entry entry, String orderingKey) {
        int queue = queue(entry.queue.key());
        int reason = text(entry.notedReason);
        int owner = entry.isInFlight() ? text(entry.claimOwner) : Slots.NONE;
        OperationId id = OperationId.of(entry.id, ANY_KEY);
        boolean more = hasMore(entry);
        reserve(MAX_FIXED_BYTES);
        out.put(OPERATION).putInt(flags(entry, id, more));
        if (id.text == null) {
            out.putLong(id.high).putLong(id.low);
        } else {
            putText(id.text);
        }
        out.putInt(queue);
        if (more) {
            putText(orderingKey.getBytes(StandardCharsets.UTF_8));
            out.putLong(entry.expiresAtMs);
        }
        out.putLong(entry.intentOffset).putInt(entry.intentBytes);
        out.putLong(entry.seq)
                .putLong(entry.updatedAtMs)
                .putLong(entry.nextRetryAtMs)
                .putLong(entry.dueAtMs);
        if (more) {
            out.putInt(entry.attempt).putLong(entry.errorOffset).putInt(entry.errorBytes);
            out.putLong(entry.claimableBeyond).putInt(reason);
        }
        if (entry.isInFlight()) {
            out.putLong(entry.claimToken).putInt(owner).putLong(entry.leaseStartMs);
        }
    }

    private static int flags(Entry entry, OperationId id, boolean more) {
        return entry.status.code()
                | (entry.claimedFrom == OperationStatus.FAILED ? CLAIMED_FROM_FAILED : 0)
                | (entry.dueWasAsked ? DUE_WAS_ASKED : 0)
                | (entry.ambiguous ? AMBIGUOUS : 0)
                | (id.text == null ? ID_IS_UUID : 0)
                | (more ? HAS_MORE : 0);
    }

    private static boolean hasMore(Entry entry) {
        return entry.attempt != 0
                || entry.expiresAtMs != 0
                || entry.errorOffset != Entry.NO_ERROR
                || entry.claimableBeyond >= 0
                || entry.notedReason != null
                || entry.lane != Slots.NONE;
    }

    private int queue(QueueKey key) {
        Integer known = queues.get(key);
        if (known != null) {
            return known;
        }
        reserve(1);
        out.put(QUEUE);
        putText(key.kind().getBytes(StandardCharsets.UTF_8));
        putText(key.destination().getBytes(StandardCharsets.UTF_8));
        queues.put(key, queues.size());
        return queues.size() - 1;
    }

    private int text(@Nullable String text) {
        if (text == null) {
            return Slots.NONE;
        }
        Integer known = texts.get(text);
        if (known != null) {
            return known;
        }
        reserve(1);
        out.put(TEXT);
        putText(text.getBytes(StandardCharsets.UTF_8));
        texts.put(text, texts.size());
        return texts.size() - 1;
    }

    /** Leaves room for what has a fixed length behind it. */
    private void putText(byte[] text) {
        reserve(Integer.BYTES + text.length + MAX_FIXED_BYTES);
        out.putInt(text.length).put(text);
    }

    private void reserve(int bytes) {
        if (out.remaining() < bytes) {
            ByteBuffer larger = buffer(Math.max(2 * out.capacity(), out.position() + bytes));
            larger.put(out.flip());
            out = larger;
        }
    }

    /** How many bytes wait to be taken. */
    int bytes() {
        return out.position();
    }

    /** Takes what was added since the last time: whole items. */
    byte[] take() {
        byte[] taken = new byte[out.position()];
        out.flip().get(taken);
        out = out.capacity() > 4 * FIRST_BYTES ? buffer(out.capacity() / 2) : out.clear();
        return taken;
    }
}
