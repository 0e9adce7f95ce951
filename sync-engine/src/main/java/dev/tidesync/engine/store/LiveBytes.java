package dev.tidesync.engine.store;

/**
 * How many bytes of the log still count: the records with the intent and the last error of every operation. Of one
 * stretch at the log's beginning it knows exactly how many lie there, once {@link #counted} has gone through all rows;
 * until then the rows that it has gone through. Not safe for use by several threads.
 */
final class LiveBytes {
    private long total;

    private long watchedEnd;
    private int countedRows;
    private long watched;

    /** A record of a row begins here; {@code bytes} is negative if it counts no longer. */
    void add(int row, long offset, int bytes) {
        total += bytes;
        if (row < countedRows && offset < watchedEnd) {
            watched += bytes;
        }
    }

    /** Forgets the stretch that was watched, and watches what lies before this offset; no row has been counted yet. */
    void watchBelow(long offset) {
        watchedEnd = offset;
        countedRows = 0;
        watched = 0;
    }

    /** How many rows, from the first on, have been counted. */
    int countedRows() {
        return countedRows;
    }

    /** The next row has this many bytes before the end of the stretch. */
    void counted(long bytes) {
        watched += bytes;
        countedRows++;
    }

    long watchedEnd() {
        return watchedEnd;
    }

    /** The bytes that count in the whole log. */
    long total() {
        return total;
    }

    /** The bytes that count in the stretch, of the rows counted so far. */
    long watched() {
        return watched;
    }
}
