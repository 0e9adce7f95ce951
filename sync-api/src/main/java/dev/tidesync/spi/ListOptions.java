package dev.tidesync.spi;

/** Which operations {@link OutboxStore#list} shows. Immutable. */
public final class ListOptions {
    /** How many operations a listing shows unless it says otherwise. */
    public static final int DEFAULT_LIMIT = 50;

    private final int limit;
    private final long nowMs;
    private final boolean onlyReady;
    private final boolean includeInflight;

    private ListOptions(Builder builder) {
        this.limit = builder.limit;
        this.nowMs = builder.nowMs;
        this.onlyReady = builder.onlyReady;
        this.includeInflight = builder.includeInflight;
    }

    /** A builder with the defaults: limit 50, only ready operations, none that are in flight. */
    public static Builder builder() {
        return new Builder();
    }

    /** The defaults at the given time. */
    public static ListOptions readyAt(long nowMs) {
        return builder().nowMs(nowMs).build();
    }

    /** How many operations at most; 0 shows none. */
    public int limit() {
        return limit;
    }

    /** The time at which readiness is judged, in wall-clock milliseconds. */
    public long nowMs() {
        return nowMs;
    }

    /** Whether operations that are not due, or wait behind their lane's head, are left out. */
    public boolean onlyReady() {
        return onlyReady;
    }

    /** Whether operations in flight are shown too. */
    public boolean includeInflight() {
        return includeInflight;
    }

    /** Builds options. Not safe for use by several threads. */
    public static final class Builder {
        private int limit = DEFAULT_LIMIT;
        private long nowMs;
        private boolean onlyReady = true;
        private boolean includeInflight;

        private Builder() {}

        /**
         * How many operations at most; default 50.
         *
         * @throws IllegalArgumentException if negative
         */
        public Builder limit(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("limit must not be negative, was: " + value);
            }
            this.limit = value;
            return this;
        }

        /** The time at which readiness is judged. */
        public Builder nowMs(long value) {
            this.nowMs = value;
            return this;
        }

        /** Whether to leave out what is not ready; default true. */
        public Builder onlyReady(boolean value) {
            this.onlyReady = value;
            return this;
        }

        /** Whether to show what is in flight too; default false. */
        public Builder includeInflight(boolean value) {
            this.includeInflight = value;
            return this;
        }

        /** The options. */
        public ListOptions build() {
            return new ListOptions(this);
        }
    }
}
