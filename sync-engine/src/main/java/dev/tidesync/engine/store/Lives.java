package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;

/** Counts how often a store was opened. */
final class Lives implements WalRecordVisitor {
    private long count;

    @Override
    public void visit(WalRecord.Opened opened) {
        count = Math.max(count, opened.incarnation());
    }

    long count() {
        return count;
    }
}
