package dev.tidesync.engine.wal;

import java.nio.charset.StandardCharsets;

/** Texts as UTF-8 bytes, written straight to where they go. What is no valid UTF-16 becomes a question mark. */
final class Utf8 {
    /** How many bytes one char of a text takes at most. */
    static final long MOST_BYTES_PER_CHAR = 3;

    private Utf8() {}

    /** How many bytes a text takes. */
    static int length(String text) {
        return isAscii(text) ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Writes a text that takes {@code length} bytes. */
    static void write(String text, int length, byte[] target, int at) {
        if (length == text.length()) { // then every letter is one byte: ASCII, or a question mark
            for (int i = 0; i < length; i++) {
                char letter = text.charAt(i);
                target[at + i] = (byte) (letter < 0x80 ? letter : '?');
            }
        } else {
            System.arraycopy(text.getBytes(StandardCharsets.UTF_8), 0, target, at, length);
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
