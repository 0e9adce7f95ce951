package dev.tidesync.spi;

import java.util.Objects;

/** Asks for a batch of ready operations. Immutable. */
public final class ClaimRequest {
    /** Decides how much of one queue may be claimed. Called under the store's lock: it must not block or call back. */
    @FunctionalInterface
    @HostImplemented
    public interface Gate {
        /**
         * How many operations of this kind may go to this destination ({@link dev.tidesync.api.Operation#destination}).
         */
        Admission admit(String kind, String destination);
    }

    private final String owner;
    private final long nowMs;
    private final int limit;
    private final Gate gate;

    /**
     * A request.
     *
     * @param limit how many operations at most, over all kinds and destinations
     * @throws IllegalArgumentException if the limit is negative
     */
    public ClaimRequest(String owner, long nowMs, int limit, Gate gate) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit must not be negative, was: " + limit);
        }
        this.owner = Objects.requireNonNull(owner);
        this.nowMs = nowMs;
        this.limit = limit;
        this.gate = Objects.requireNonNull(gate);
    }

    /** Who claims. */
    public String owner() {
        return owner;
    }

    /** The time at which readiness is judged. */
    public long nowMs() {
        return nowMs;
    }

    /** How many operations at most. */
    public int limit() {
        return limit;
    }

    /** How much of each queue may be claimed. */
    public Gate gate() {
        return gate;
    }
}
