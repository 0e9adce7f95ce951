package dev.tidesync.transport.p2p;

import java.util.function.LongSupplier;
import org.slf4j.Logger;

/** Warnings that strangers can cause: at most one a second, with the number of those left out. Confined to the loop. */
final class RareLog {
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Logger log;
    private final LongSupplier nanoTime;
    private long nextAt;
    private long leftOut;

    RareLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.nextAt = nanoTime.getAsLong();
    }

    void warn(String sentence) {
        long now = nanoTime.getAsLong();
        if (now - nextAt < 0) {
            leftOut++;
            return;
        }
        log.warn("{}{}", sentence, leftOut == 0 ? "" : " (" + leftOut + " warnings like this were left out before)");
        nextAt = now + SECOND_NANOS;
        leftOut = 0;
    }
}
