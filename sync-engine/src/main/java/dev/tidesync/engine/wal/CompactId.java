package dev.tidesync.engine.wal;

import java.util.Arrays;
import java.util.UUID;

/**
 * An id in 128 bits: a UUID in its canonical form, as most ids are, is its bits in the order they are read. Any other
 * id stays a text, also a UUID in capitals, since ids are told apart by their letters.
 */
public final class CompactId {
    /** How many bytes it takes. */
    static final int BYTES = 16;

    private static final int TEXT_LENGTH = 36;
    private static final int LOW_HALF_AT = 19;
    private static final long DASHES = 1L << 8 | 1L << 13 | 1L << 18 | 1L << 23;
    private static final byte NO_DIGIT = -1;

    /** What each ASCII character is worth as a lower-case hexadecimal digit. */
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, NO_DIGIT);
        for (int value = 0; value < 16; value++) {
            DIGITS[Character.forDigit(value, 16)] = (byte) value;
        }
    }

    private CompactId() {}

    /** Whether it is 8, 4, 4, 4 and 12 lower-case hexadecimal digits with dashes between. */
    public static boolean isCanonical(String id) {
        if (id.length() != TEXT_LENGTH) {
            return false;
        }
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char letter = id.charAt(i);
            if (isDash(i) ? letter != '-' : letter >= DIGITS.length || DIGITS[letter] == NO_DIGIT) {
                return false;
            }
        }
        return true;
    }

    /** The first 64 bits of a canonical id. */
    public static long high(String id) {
        return bits(id, 0, LOW_HALF_AT);
    }

    /** The last 64 bits of a canonical id. */
    public static long low(String id) {
        return bits(id, LOW_HALF_AT, TEXT_LENGTH);
    }

    private static long bits(String id, int from, int to) {
        long bits = 0;
        for (int i = from; i < to; i++) {
            if (!isDash(i)) {
                bits = bits << 4 | DIGITS[id.charAt(i)];
            }
        }
        return bits;
    }

    private static boolean isDash(int index) {
        return (DASHES >>> index & 1) != 0;
    }

    /** The canonical id with these bits. */
    public static String text(long high, long low) {
        return new UUID(high, low).toString();
    }

    /** Writes a canonical id. */
    static void write(String id, byte[] target, int at) {
        LittleEndian.putLong(target, at, Long.reverseBytes(high(id)));
        LittleEndian.putLong(target, at + Long.BYTES, Long.reverseBytes(low(id)));
    }

    static String read(byte[] source, int at) {
        return text(
                Long.reverseBytes(LittleEndian.getLong(source, at)),
                Long.reverseBytes(LittleEndian.getLong(source, at + Long.BYTES)));
    }
}
