package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import java.util.Objects;

/** An operation that arrived, and from whom. Immutable. */
public final class ReceivedOperation {
    private final String origin;
    private final Operation operation;
    private final long receivedAtMs;
    private final int failures;

    private ReceivedOperation(String origin, Operation operation, long receivedAtMs, int failures) {
        this.origin = Objects.requireNonNull(origin, "origin");
        this.operation = Objects.requireNonNull(operation, "operation");
        this.receivedAtMs = receivedAtMs;
        this.failures = failures;
    }

    /** An operation that no handler has seen yet. */
    public static ReceivedOperation of(String origin, Operation operation, long receivedAtMs) {
        return new ReceivedOperation(origin, operation, receivedAtMs, 0);
    }

    /** A copy that says how often its handler has failed. */
    public ReceivedOperation withFailures(int count) {
        return new ReceivedOperation(origin, operation, receivedAtMs, count);
    }

    /** The authenticated sender. */
    public String origin() {
        return origin;
    }

    /** What was sent, with the sender's id, idempotency key and time of creation. */
    public Operation operation() {
        return operation;
    }

    /** When it arrived, in wall-clock milliseconds. */
    public long receivedAtMs() {
        return receivedAtMs;
    }

    /** How often its handler has thrown since the inbox was opened. */
    public int failures() {
        return failures;
    }

    @Override
    public String toString() {
        return operation + " from " + origin;
    }
}
