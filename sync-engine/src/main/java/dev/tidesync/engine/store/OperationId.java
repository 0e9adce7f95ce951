package dev.tidesync.engine.store;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An operation's id as the index keeps it: a canonical lower-case UUID as its 128 bits, any other as its text. */
final class OperationId {
    private static final int UUID_LENGTH = 36;
    private static final long DASHES = (1L << 8) | (1L << 13) | (1L << 18) | (1L << 23);
    private static final int LOW_HALF_AT = 19;

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

    static OperationId of(String id, HashKey key) {
        if (isUuid(id)) {
            long high = bits(id, 0, LOW_HALF_AT);
            long low = bits(id, LOW_HALF_AT, UUID_LENGTH);
            return new OperationId(high, low, null, key.hash(high, low));
        }
        byte[] text = id.getBytes(StandardCharsets.UTF_8);
        long hash = key.hash(text);
        return new OperationId(hash, 0, text, hash);
    }

    /** Whether this is exactly the text that these bits would be written as. */
    private static boolean isUuid(String id) {
        if (id.length() != UUID_LENGTH) {
            return false;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = id.charAt(i);
            boolean fits = ((DASHES >>> i) & 1) == 1 ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static long bits(String id, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            char c = id.charAt(i);
            if (c != '-') {
                bits = (bits << 4) | (c <= '9' ? c - '0' : c - 'a' + 10);
            }
        }
        return bits;
    }

    static String uuid(long high, long low) {
        return new UUID(high, low).toString();
    }

    static String text(byte[] text) {
        return new String(text, StandardCharsets.UTF_8);
    }
}
