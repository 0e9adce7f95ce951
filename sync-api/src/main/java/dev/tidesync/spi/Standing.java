package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import java.util.List;
import java.util.Objects;

/**
 * Where one operation stands in its store at one moment: whether it may go, and if not, what in the store it waits for.
 * What a destination, a transport or the network adds to that, only an engine knows. Immutable.
 */
public final class Standing {
    /** Up to here the operations ahead in a lane are counted; one that is further back has this many, or more. */
    public static final int MOST_COUNTED = 10_000;

    /** How it stands. More may be added, so that a switch over them needs a default branch. */
    public enum State {
        /** DONE or PERMANENT_FAILED. */
        FINAL,
        /** IN_FLIGHT: somebody has claimed it. */
        CLAIMED,
        /** It waits for an earlier operation of its lane. */
        BEHIND,
        /** It is not due yet. */
        NOT_DUE,
        /** What brought it here is not on disk yet. */
        NOT_DURABLE,
        /** It may be claimed. */
        READY
    }

    private final Operation operation;
    private final State state;
    private final int aheadInLane;
    private final String laneHeadId;
    private final String claimOwner;
    private final long leaseStartMs;
    private final boolean ambiguous;
    private final List<Incident> incidents;

    private Standing(Builder builder) {
        this.operation = builder.operation;
        this.state = builder.state;
        this.aheadInLane = builder.aheadInLane;
        this.laneHeadId = builder.laneHeadId;
        this.claimOwner = builder.claimOwner;
        this.leaseStartMs = builder.leaseStartMs;
        this.ambiguous = builder.ambiguous;
        this.incidents = List.copyOf(builder.incidents);
    }

    /** A builder for an operation that stands so, with nothing else known. */
    public static Builder of(Operation operation, State state) {
        return new Builder(operation, state);
    }

    /** The operation. */
    public Operation operation() {
        return operation;
    }

    /** How it stands. */
    public State state() {
        return state;
    }

    /** How many unfinished operations are ahead of it in its lane, up to {@link #MOST_COUNTED}. */
    public int aheadInLane() {
        return aheadInLane;
    }

    /** The operation that goes next in its lane, if that is another; empty otherwise. */
    public String laneHeadId() {
        return laneHeadId;
    }

    /** Who has claimed it; empty if nobody has, or the store does not know. */
    public String claimOwner() {
        return claimOwner;
    }

    /** Since when the claim has counted without a renewal, in wall-clock milliseconds; 0 if not known. */
    public long leaseStartMs() {
        return leaseStartMs;
    }

    /** Whether an earlier attempt may have been applied by the receiver although it failed. */
    public boolean ambiguous() {
        return ambiguous;
    }

    /** What happened to it, newest first, as far back as the store has kept it. */
    public List<Incident> incidents() {
        return incidents;
    }

    @Override
    public String toString() {
        return operation.id() + " is " + state + (laneHeadId.isEmpty() ? "" : " behind " + laneHeadId);
    }

    /** Builds a standing. Not safe for use by several threads. */
    public static final class Builder {
        private final Operation operation;
        private final State state;
        private int aheadInLane;
        private String laneHeadId = "";
        private String claimOwner = "";
        private long leaseStartMs;
        private boolean ambiguous;
        private List<Incident> incidents = List.of();

        private Builder(Operation operation, State state) {
            this.operation = Objects.requireNonNull(operation);
            this.state = Objects.requireNonNull(state);
        }

        /** Who goes next in its lane, and how many are ahead of it. */
        public Builder lane(String headId, int ahead) {
            this.laneHeadId = Objects.requireNonNull(headId);
            this.aheadInLane = ahead;
            return this;
        }

        /** Who has claimed it, and since when that counts. */
        public Builder claim(String owner, long startMs) {
            this.claimOwner = Objects.requireNonNull(owner);
            this.leaseStartMs = startMs;
            return this;
        }

        /** Whether an earlier attempt may have been applied; default false. */
        public Builder ambiguous(boolean value) {
            this.ambiguous = value;
            return this;
        }

        /** What happened to it, newest first; default nothing. */
        public Builder incidents(List<Incident> value) {
            this.incidents = List.copyOf(value);
            return this;
        }

        /** The standing. */
        public Standing build() {
            return new Standing(this);
        }
    }
}
