package dev.tidesync.transport.ws.wire;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Counts what others can cause as often as they like, and has it told at the 1st, 2nd, 4th, … time, so that they cannot
 * fill our log. Safe for use by many threads.
 */
public final class RareEvents {
    private final AtomicLong count = new AtomicLong();

    /** Counts one more, and calls {@code tell} with the number of them if it is to be told. */
    public void count(LongConsumer tell) {
        long now = count.incrementAndGet();
        if (Long.bitCount(now) == 1) {
            tell.accept(now);
        }
    }
}
