package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;
import java.util.UUID;

/** Counts how often a store was opened, and knows under which name it claimed each time. */
final class Lives implements WalRecordVisitor {
    private final UUID storeId;
    private long count;

    /** A store that was opened so often up to now. */
    Lives(UUID storeId, long count) {
        this.storeId = storeId;
        this.count = count;
    }

    /** The name to claim under in the life of this number. */
    String ownerOf(long incarnation) {
        return storeId + "#" + incarnation;
    }

    /** A claim with its owner, who is left out of the log if it is the life that the log is in. */
    WalRecord complete(WalRecord record) {
        return record instanceof WalRecord.Claimed claimed && claimed.owner().isEmpty()
                ? new WalRecord.Claimed(claimed.id(), ownerOf(count), claimed.atMs())
                : record;
    }

    @Override
    public void visit(WalRecord.Opened opened) {
        count = Math.max(count, opened.incarnation());
    }

    long count() {
        return count;
    }
}
