package dev.tidesync.engine.store;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Goes through all rows as they were at one moment, some at a time, while they change: a row that is about to change
 * before its turn is handed over first. Not safe for use by several threads.
 */
final class RowCut {
    /** Nothing is left to be handed over. */
    static final RowCut OVER = new RowCut(0, slot -> {});

    private final int end;
    private final IntConsumer rows;
    private final BitSet handed = new BitSet();
    private int next;

    /** @param end every row's number lies below this */
    RowCut(int end, IntConsumer rows) {
        this.end = end;
        this.rows = rows;
    }

    void beforeChange(int row) {
        if (row >= next && row < end && !handed.get(row)) {
            handed.set(row);
            rows.accept(row);
        }
    }

    /** Hands over so many more at most; true once all have been. */
    boolean goOn(int limit) {
        int to = (int) Math.min(end, (long) next + limit);
        while (next < to) {
            int row = next;
            next++;
            if (!handed.get(row)) {
                rows.accept(row);
            }
        }
        return next == end;
    }

    /** Hands over nothing more. */
    void abandon() {
        next = end;
    }
}
