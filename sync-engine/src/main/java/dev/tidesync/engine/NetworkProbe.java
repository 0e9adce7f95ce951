package dev.tidesync.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whether the network can be reached, from a check that the user supplies and a cache in front of it. While it
 * says offline, an engine attempts nothing and charges nothing.
 *
 * <p>An answer is kept for {@code onlineTtl} or {@code offlineTtl}; after that it is asked for anew, though never more
 * often than every {@code minInterval}. The first call always asks. A clock that went back makes the answer stale.
 *
 * <p><b>Threads:</b> safe for use by many threads; one at a time runs the check.
 */
public final class NetworkProbe {
    private static final Logger log = LoggerFactory.getLogger(NetworkProbe.class);

    private final Config config;
    private final BooleanSupplier check;
    private volatile Answer last = Answer.NONE;

    /** A probe with every default. */
    public NetworkProbe(BooleanSupplier check) {
        this(Config.builder().build(), check);
    }

    /**
     * A probe.
     *
     * @param check true if the network can be reached; one that throws counts as offline
     */
    public NetworkProbe(Config config, BooleanSupplier check) {
        this.config = Objects.requireNonNull(config, "config");
        this.check = Objects.requireNonNull(check, "check");
    }

    /** Whether the network can be reached: the cached answer, or a new one if that is stale. */
    public boolean isOnline(long nowMs) {
        return isStale(nowMs) ? refreshIfStale(nowMs) : last.online();
    }

    /** Runs the check now, whatever the cache holds. */
    public synchronized boolean refresh(long nowMs) {
        last = new Answer(true, runCheck(), nowMs);
        return last.online();
    }

    private synchronized boolean refreshIfStale(long nowMs) {
        // another thread may have asked while this one waited its turn
        return isStale(nowMs) ? refresh(nowMs) : last.online();
    }

    boolean isStale(long nowMs) {
        Answer answer = last;
        long ageMs = nowMs - answer.atMs();
        Duration ttl = answer.online() ? config.onlineTtl() : config.offlineTtl();
        return !answer.given()
                || ageMs < 0
                || (ageMs >= ttl.toMillis() && ageMs >= config.minInterval().toMillis());
    }

    private boolean runCheck() {
        try {
            return check.getAsBoolean();
        } catch (RuntimeException | LinkageError | AssertionError failure) {
            log.warn("the network check failed; taken as offline", failure);
            return false;
        }
    }

    /** The last answer, however old; false before the first. */
    public boolean lastKnownOnline() {
        return last.online();
    }

    /** When the check last ran, in wall-clock milliseconds; 0 before the first. */
    public long lastProbeAtMs() {
        return last.atMs();
    }

    /** Whether the last answer was that it cannot; false as long as nobody has asked. */
    boolean lastKnownOffline() {
        Answer answer = last;
        return answer.given() && !answer.online();
    }

    private record Answer(boolean given, boolean online, long atMs) {
        private static final Answer NONE = new Answer(false, false, 0);
    }

    /** How long answers are kept. Immutable. */
    public static final class Config {
        private final Duration minInterval;
        private final Duration onlineTtl;
        private final Duration offlineTtl;

        private Config(Builder builder) {
            this.minInterval = builder.minInterval;
            this.onlineTtl = builder.onlineTtl;
            this.offlineTtl = builder.offlineTtl;
        }

        /** A builder with the defaults: asked at most every 1000 ms, online for 2000 ms, offline for 500 ms. */
        public static Builder builder() {
            return new Builder();
        }

        /** The least time between two checks. */
        public Duration minInterval() {
            return minInterval;
        }

        /** How long "online" is believed. */
        public Duration onlineTtl() {
            return onlineTtl;
        }

        /** How long "offline" is believed. */
        public Duration offlineTtl() {
            return offlineTtl;
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private Duration minInterval = Duration.ofSeconds(1);
            private Duration onlineTtl = Duration.ofSeconds(2);
            private Duration offlineTtl = Duration.ofMillis(500);

            private Builder() {}

            /** The least time between two checks; default 1000 ms. */
            public Builder minInterval(Duration value) {
                this.minInterval = Objects.requireNonNull(value, "minInterval");
                return this;
            }

            /** How long "online" is believed; default 2000 ms. */
            public Builder onlineTtl(Duration value) {
                this.onlineTtl = Objects.requireNonNull(value, "onlineTtl");
                return this;
            }

            /** How long "offline" is believed; default 500 ms. */
            public Builder offlineTtl(Duration value) {
                this.offlineTtl = Objects.requireNonNull(value, "offlineTtl");
                return this;
            }

            /**
             * The configuration.
             *
             * @throws IllegalArgumentException if a duration is negative; names all that are
             */
            public Config build() {
                List<String> problems = new ArrayList<>();
                requireNotNegative("minInterval", minInterval, problems);
                requireNotNegative("onlineTtl", onlineTtl, problems);
                requireNotNegative("offlineTtl", offlineTtl, problems);
                if (!problems.isEmpty()) {
                    throw new IllegalArgumentException(String.join("; ", problems));
                }
                return new Config(this);
            }

            private static void requireNotNegative(String name, Duration value, List<String> problems) {
                if (value.isNegative()) {
                    problems.add(name + " must not be negative, was: " + value);
                }
            }
        }
    }
}
