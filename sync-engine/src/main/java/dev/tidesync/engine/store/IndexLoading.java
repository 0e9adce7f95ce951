package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.EnqueuedSummary;
import dev.tidesync.engine.wal.LogMark;
import dev.tidesync.engine.wal.WalIndexer;
import dev.tidesync.engine.wal.WalRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an index into the state that the log says: from a snapshot and what follows it in the log, or from the log
 * alone. Used for one opening; confined to one thread.
 */
final class IndexLoading implements WalIndexer {
    private static final Logger LOG = LoggerFactory.getLogger(IndexLoading.class);

    private final OpeningProgress progress;
    private OutboxIndex index = new OutboxIndex();
    private @Nullable LogMark mark;
    private @Nullable Lives lives;

    IndexLoading(OpeningProgress progress) {
        this.progress = progress;
    }

    /** Takes over what a snapshot says. One that cannot be used is as good as none, since the log has everything. */
    void load(SnapshotFile snapshot) throws IOException {
        snapshot.deleteDraft();
        if (!snapshot.exists()) {
            return;
        }
        try {
            SnapshotDecoder decoder = new SnapshotDecoder(index);
            SnapshotHead head = snapshot.read(decoder::read, progress);
            if (index.size() != head.operations()) {
                throw new UnusableSnapshotException(
                        "expected " + head.operations() + " operations but found " + index.size());
            }
            index.noteTime(head.latestMs());
            mark = head.mark();
            lives = new Lives(head.mark().storeId(), head.incarnation());
        } catch (IOException | UnusableSnapshotException unusable) {
            LOG.warn("{} is not used, and the whole log read instead: {}", snapshot.describe(), unusable.getMessage());
            index = new OutboxIndex();
        }
    }

    /** Up to where the index has everything; empty if it has nothing. */
    Optional<LogMark> mark() {
        return Optional.ofNullable(mark);
    }

    @Override
    public void begin(UUID storeId) {
        index = new OutboxIndex();
        mark = null;
        lives = new Lives(storeId, 0);
    }

    @Override
    public void accept(long offset, int bytes, WalRecord record) {
        Lives known = lives();
        record.accept(known);
        index.apply(new LogPlace(offset, bytes), known.complete(record));
    }

    @Override
    public void accept(long offset, int bytes, EnqueuedSummary enqueued) {
        index.apply(new LogPlace(offset, bytes), enqueued);
    }

    @Override
    public void progress(long bytes, long ofBytes) {
        progress.read(bytes, ofBytes);
    }

    OutboxIndex index() {
        return index;
    }

    Lives lives() {
        if (lives == null) {
            throw new AssertionError("records come only after the log has begun");
        }
        return lives;
    }
}
