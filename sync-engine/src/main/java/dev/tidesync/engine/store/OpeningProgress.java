package dev.tidesync.engine.store;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs how far an opening has come, once it takes longer than a second, and then every second. Confined to one thread.
 */
final class OpeningProgress {
    private static final Logger LOG = LoggerFactory.getLogger(OpeningProgress.class);
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long MIB = 1024 * 1024;

    private final String name;
    private final LongSupplier nanoTime;
    private long saidNanos;

    /** @param nanoTime as {@link System#nanoTime} */
    OpeningProgress(String name, LongSupplier nanoTime) {
        this.name = name;
        this.nanoTime = nanoTime;
        this.saidNanos = nanoTime.getAsLong();
    }

    /** So much of a snapshot, or of the log, has been read by now. */
    void read(long bytes, long ofBytes) {
        long now = nanoTime.getAsLong();
        if (now - saidNanos >= SECOND_NANOS) {
            saidNanos = now;
            LOG.info("{} is being opened: {} of {} MiB read", name, bytes / MIB, ofBytes / MIB);
        }
    }
}
