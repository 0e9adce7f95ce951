package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.CompactId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An operation's id as the index keeps it: a canonical lower-case UUID as its 128 bits, any other as its text. */
final class OperationId {
    /** The bits of a UUID; the hash of a text, and 0. */
    final long high;

    final long low;

    /** The text of an id that is no UUID. */
    final byte @Nullable [] text;

    /** What {@link SlotTable} finds it by. */
    final long hash;

    private OperationId(long high, long low, byte @Nullable [] text, long hash) {
        this.high = high;
        this.low = low;
        this.text = text;
        this.hash = hash;
    }

    /** The canonical UUID of these bits. */
    static OperationId of(long high, long low, HashKey key) {
        return new OperationId(high, low, null, key.hash(high, low));
    }

    static OperationId of(String id, HashKey key) {
        if (CompactId.isCanonical(id)) {
            long high = CompactId.high(id);
            long low = CompactId.low(id);
            return new OperationId(high, low, null, key.hash(high, low));
        }
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        long hash = key.hash(text);
        return new OperationId(hash, 0, text, hash);
    }

    static String text(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }
}
