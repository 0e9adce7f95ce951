package dev.tidesync.engine.wal;

/**
 * An id in 16 bytes: a UUID in its canonical form, as most ids are, is its bits in the order they are read. Any other
 * id stays a text, also a UUID in capitals, since ids are told apart by their letters.
 */
final class CompactId {
    static final int BYTES = 16;

    private static final int TEXT_LENGTH = 36;
    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private CompactId() {}

    /** Whether it is 8, 4, 4, 4 and 12 lower-case hexadecimal digits with dashes between. */
    static boolean isCanonical(String id) {
        if (id.length() != TEXT_LENGTH) {
            return false;
        }
        for (int i = 0; i < TEXT_LENGTH; i++) {
            char letter = id.charAt(i);
            if (isDash(i) ? letter != '-' : digit(letter) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Writes a canonical id. */
    static void write(String id, byte[] target, int at) {
        int nibbles = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            if (!isDash(i)) {
                int into = at + nibbles / 2;
                target[into] = (byte) (target[into] << 4 | digit(id.charAt(i)));
                nibbles++;
            }
        }
    }

    static String read(byte[] source, int at) {
        char[] text = new char[TEXT_LENGTH];
        int nibbles = 0;
        for (int i = 0; i < TEXT_LENGTH; i++) {
            if (isDash(i)) {
                text[i] = '-';
            } else {
                int both = source[at + nibbles / 2];
                text[i] = DIGITS[(nibbles % 2 == 0 ? both >> 4 : both) & 0xF];
                nibbles++;
            }
        }
        return new String(text);
    }

    private static boolean isDash(int index) {
        return index == 8 || index == 13 || index == 18 || index == 23;
    }

    private static int digit(char letter) {
        if (letter >= '0' && letter <= '9') {
            return letter - '0';
        }
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }
}
