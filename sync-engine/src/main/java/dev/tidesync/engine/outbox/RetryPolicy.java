package dev.tidesync.engine.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How often a failed operation is tried again, and how long it waits before each try: exponential backoff, clamped,
 * with a jitter that can be recomputed. Pure and immutable.
 *
 * <p>After its n-th charged failure an operation's {@code attempt} is n; it is tried again if {@code canRetry(n)},
 * after {@code delayFor(n - 1)}. The defaults so make 8 sends with 7 delays between them, the first of 500 ms.
 */
public final class RetryPolicy {
    private static final RetryPolicy DEFAULTS = builder().build();

    private final int maxAttempts;
    private final Duration baseDelay;
    private final Duration maxDelay;
    private final double factor;
    private final double jitterRatio;
    private final Duration maxAge;

    private RetryPolicy(Builder builder) {
        this.maxAttempts = builder.maxAttempts;
        this.baseDelay = builder.baseDelay;
        this.maxDelay = builder.maxDelay;
        this.factor = builder.factor;
        this.jitterRatio = builder.jitterRatio;
        this.maxAge = builder.maxAge;
    }

    /** The policy with every default. */
    public static RetryPolicy defaults() {
        return DEFAULTS;
    }

    /** A builder with the defaults: 8 attempts, 500 ms to 30 s, factor 2.0, jitter 0.2. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether an operation that has had this many charged failures is tried again. */
    public boolean canRetry(int attempt) {
        return attempt < maxAttempts;
    }

    /**
     * Whether an operation that has had this many charged failures, and was made so long ago, is tried again after the
     * last of them.
     */
    public boolean canRetry(int attempt, long ageMs) {
        return canRetry(attempt) && (maxAge.isZero() || ageMs < maxAge.toMillis());
    }

    /**
     * The wait before retry number {@code n}, counted from 0, without jitter: {@code baseDelay * factor^n}, at most
     * {@code maxDelay}.
     *
     * @throws IllegalArgumentException if {@code n} is negative
     */
    public Duration delayFor(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("retry number must not be negative, was: " + n);
        }
        double delayMs = baseDelay.toMillis() * Math.pow(factor, n);
        return delayMs < maxDelay.toMillis() ? Duration.ofMillis((long) delayMs) : maxDelay;
    }

    /**
     * {@link #delayFor(int)} moved by up to {@code ±jitterRatio}, but never below 1 ms nor above {@code maxDelay}. How
     * far follows from {@code key} and {@code n} alone: it spreads a herd, and gives the same answer after a restart.
     *
     * @param key what is delayed: an operation's id, or the name of a destination
     */
    public Duration jitteredDelayFor(int n, String key) {
        double exactMs = delayFor(n).toMillis();
        double movedMs = exactMs * (1 + jitterRatio * (2 * fraction(key, n) - 1));
        return Duration.ofMillis(Math.max(1, Math.min(maxDelay.toMillis(), Math.round(movedMs))));
    }

    /** A number in [0, 1) from a key and a count: the finalizer of SplitMix64 over both. */
    private static double fraction(String key, int n) {
        long bits = ((long) key.hashCode() << 32) + n * 0x9E3779B97F4A7C15L;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        bits ^= bits >>> 31;
        return (bits >>> 11) * 0x1.0p-53;
    }

    /** How many charged failures bury an operation. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** The first wait. */
    public Duration baseDelay() {
        return baseDelay;
    }

    /** The longest wait. */
    public Duration maxDelay() {
        return maxDelay;
    }

    /** How much longer each wait is than the one before. */
    public double factor() {
        return factor;
    }

    /** The share of a wait by which jitter moves it, either way. */
    public double jitterRatio() {
        return jitterRatio;
    }

    /** Beyond which age an operation is not tried again; zero for never. */
    public Duration maxAge() {
        return maxAge;
    }

    /** A builder that begins with the settings of this policy. */
    public Builder toBuilder() {
        return builder()
                .maxAttempts(maxAttempts)
                .baseDelay(baseDelay)
                .maxDelay(maxDelay)
                .factor(factor)
                .jitterRatio(jitterRatio)
                .maxAge(maxAge);
    }

    @Override
    public String toString() {
        return "RetryPolicy{" + maxAttempts + " attempts, " + baseDelay + " to " + maxDelay + ", factor " + factor
                + ", jitter " + jitterRatio
                + (maxAge.isZero() ? "" : ", at most " + maxAge + " old") + "}";
    }

    /** Builds a policy. Not safe for use by several threads. */
    public static final class Builder {
        private int maxAttempts = 8;
        private Duration baseDelay = Duration.ofMillis(500);
        private Duration maxDelay = Duration.ofSeconds(30);
        private double factor = 2.0;
        private double jitterRatio = 0.2;
        private Duration maxAge = Duration.ZERO;

        private Builder() {}

        /** How many charged failures bury an operation, at least 1; default 8. */
        public Builder maxAttempts(int value) {
            this.maxAttempts = value;
            return this;
        }

        /** The first wait, at least 1 ms; default 500 ms. */
        public Builder baseDelay(Duration value) {
            this.baseDelay = Objects.requireNonNull(value, "baseDelay");
            return this;
        }

        /** The longest wait, at least the base delay and at most 365 days; default 30 s. */
        public Builder maxDelay(Duration value) {
            this.maxDelay = Objects.requireNonNull(value, "maxDelay");
            return this;
        }

        /** How much longer each wait is than the one before, at least 1; default 2.0. */
        public Builder factor(double value) {
            this.factor = value;
            return this;
        }

        /** The share of a wait by which jitter moves it, from 0 (none) to 1; default 0.2. */
        public Builder jitterRatio(double value) {
            this.jitterRatio = value;
            return this;
        }

        /**
         * Beyond which age, since it was made, an operation is not tried again after a charged failure, whatever
         * attempts it has left; default zero, for never. Its first attempt is always made: what must not be sent late
         * has an expiry. Time that it waits for its destination or the network is not charged, and counts as age all
         * the same.
         */
        public Builder maxAge(Duration value) {
            this.maxAge = Objects.requireNonNull(value, "maxAge");
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if settings are out of bounds or contradict each other; names all of them
         */
        public RetryPolicy build() {
            List<String> problems = new ArrayList<>();
            if (maxAttempts < 1) {
                problems.add("maxAttempts must be at least 1, was: " + maxAttempts);
            }
            checkDelays(problems);
            if (!(factor >= 1) || Double.isInfinite(factor)) {
                problems.add("factor must be at least 1 and finite, was: " + factor);
            }
            if (!(jitterRatio >= 0 && jitterRatio <= 1)) {
                problems.add("jitterRatio must be between 0 and 1, was: " + jitterRatio);
            }
            if (maxAge.isNegative()) {
                problems.add("maxAge must not be negative, was: " + maxAge);
            }
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return new RetryPolicy(this);
        }

        private void checkDelays(List<String> problems) {
            if (baseDelay.compareTo(Duration.ofMillis(1)) < 0) {
                problems.add("baseDelay must be at least 1 ms, was: " + baseDelay);
            }
            if (maxDelay.compareTo(baseDelay) < 0) {
                problems.add("maxDelay must not be less than baseDelay (" + baseDelay + "), was: " + maxDelay);
            }
            if (maxDelay.compareTo(Duration.ofDays(365)) > 0) {
                problems.add("maxDelay must be at most 365 days, was: " + maxDelay);
            }
        }
    }
}
