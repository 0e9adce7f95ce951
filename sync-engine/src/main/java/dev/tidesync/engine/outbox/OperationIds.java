package dev.tidesync.engine.outbox;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/**
 * Makes operation ids: UUIDs of version 7 (RFC 9562 §5.7), which sort by time and are unique across processes and
 * restarts. Within one process each id is greater than the one before, also when the clock stands or goes back: the 12
 * bits after the time are a counter (RFC 9562 §6.2, method 1), and the time advances when the counter is used up.
 *
 * <p><b>Threads:</b> safe for use by many threads.
 */
final class OperationIds {
    /** One for the process, so that ids are monotonic over all of its outboxes. */
    static final OperationIds SHARED = new OperationIds();

    private static final long MAX_TIME_MS = (1L << 48) - 1;
    private static final int MAX_COUNTER = (1 << 12) - 1;

    /** A source of good randomness charges by the call more than by the byte. */
    private static final int RANDOM_BYTES = 512;

    private final SecureRandom random = new SecureRandom();

    // guarded by this
    private final byte[] randomBytes = new byte[RANDOM_BYTES];
    private final ByteBuffer unused = ByteBuffer.wrap(randomBytes).limit(0);
    private long timeMs = -1;
    private int counter;

    synchronized String next(long nowMs) {
        return new UUID(nextTimeAndCounter(nowMs), variantAndRandom()).toString();
    }

    private long nextTimeAndCounter(long nowMs) {
        if (nowMs > timeMs) {
            timeMs = Math.min(nowMs, MAX_TIME_MS);
            // the upper half of the counter is left free for ids of the same millisecond
            counter = random.nextInt(MAX_COUNTER / 2);
        } else if (counter < MAX_COUNTER) {
            counter++;
        } else {
            timeMs++;
            counter = 0;
        }
        return (timeMs << 16) | 0x7000 | counter;
    }

    private long variantAndRandom() {
        if (!unused.hasRemaining()) {
            random.nextBytes(randomBytes);
            unused.clear();
        }
        return (unused.getLong() >>> 2) | 0x8000_0000_0000_0000L;
    }
}
