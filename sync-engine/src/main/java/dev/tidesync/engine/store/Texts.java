package dev.tidesync.engine.store;

/**
 * Texts outside of the heap, of any length, each in a chain of rows of 32 bytes. Not safe for use by several threads.
 *
 * <pre>
 * row:  0 next row of the chain | 4 bytes of the text; those of the first row begin with its length
 * </pre>
 */
final class Texts {
    private static final int ROW_BYTES = 32;
    private static final int CONTENT_AT = 4;
    private static final int FIRST_CONTENT_AT = 8;

    private final Slots rows = new Slots(ROW_BYTES);

    /** Keeps a text, and returns what it is to be asked for by. */
    int add(byte[] text) {
        int first = rows.take();
        rows.setInt(first, CONTENT_AT, text.length);
        int row = first;
        int at = FIRST_CONTENT_AT;
        int done = 0;
        while (true) {
            int length = Math.min(text.length - done, ROW_BYTES - at);
            rows.setBytes(row, at, text, done, length);
            done += length;
            if (done == text.length) {
                rows.setInt(row, 0, Slots.NONE);
                return first;
            }
            int next = rows.take();
            rows.setInt(row, 0, next);
            row = next;
            at = CONTENT_AT;
        }
    }

    byte[] get(int text) {
        byte[] bytes = new byte[rows.getInt(text, CONTENT_AT)];
        int row = text;
        int at = FIRST_CONTENT_AT;
        for (int done = 0; done < bytes.length; at = CONTENT_AT) {
            int length = Math.min(bytes.length - done, ROW_BYTES - at);
            rows.getBytes(row, at, bytes, done, length);
            done += length;
            row = rows.getInt(row, 0);
        }
        return bytes;
    }

    void remove(int text) {
        int row = text;
        while (row != Slots.NONE) {
            int next = rows.getInt(row, 0);
            rows.free(row);
            row = next;
        }
    }

    /** How much memory the texts take. */
    long bytes() {
        return rows.bytes();
    }
}
