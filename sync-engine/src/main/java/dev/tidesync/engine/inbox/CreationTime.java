package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import java.time.Duration;
import java.util.regex.Pattern;

/** When an operation was made, on its sender's clock. */
final class CreationTime {
    /** UUID version 7 begins with 48 bits of milliseconds (RFC 9562 §5.7). */
    private static final Pattern TIME_ORDERED =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");

    /** A sender's clock that is further ahead than this is not believed, or one slip would lock it out for ever. */
    private static final long MAX_AHEAD_MS = Duration.ofDays(1).toMillis();

    private CreationTime() {}

    /** The time the operation gives, or that its idempotency key tells; 0 if neither does. */
    static long of(Operation operation, long nowMs) {
        long claimed = operation.createdAtMs() > 0 ? operation.createdAtMs() : of(operation.idempotencyKey());
        return Math.min(claimed, nowMs + MAX_AHEAD_MS);
    }

    private static long of(String key) {
        return TIME_ORDERED.matcher(key).matches() ? Long.parseLong(key.substring(0, 8) + key.substring(9, 13), 16) : 0;
    }
}
