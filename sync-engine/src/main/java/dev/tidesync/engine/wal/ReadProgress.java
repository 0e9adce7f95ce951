package dev.tidesync.engine.wal;

/** Counts what an opening has read of its log, and tells the indexer of every megabyte. Confined to one thread. */
final class ReadProgress {
    private static final long STEP_BYTES = 1024 * 1024;

    private final WalIndexer indexer;
    private long total;
    private long done;
    private long tellAt = STEP_BYTES;

    ReadProgress(WalIndexer indexer) {
        this.indexer = indexer;
    }

    /** So much more is to be read than was known before. */
    void expect(long bytes) {
        total += bytes;
    }

    void read(long bytes) {
        done += bytes;
        if (done >= tellAt) {
            tellAt = done + STEP_BYTES;
            indexer.progress(Math.min(done, total), total);
        }
    }
}
