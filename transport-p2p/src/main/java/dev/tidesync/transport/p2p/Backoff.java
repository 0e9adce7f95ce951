package dev.tidesync.transport.p2p;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * How long a peer is left alone after a connection failed: a random part of a span that doubles with each failure
 * ("full jitter"), so that a herd of clients does not come back at once. Confined to the loop.
 */
final class Backoff {
    private final P2pConfig.Reconnect limits;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private int failures;
    private long openedAt;
    private long heldFrom;
    private Duration hold = Duration.ZERO;

    Backoff(P2pConfig.Reconnect limits, LongSupplier nanoTime, RandomGenerator random) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    void opened() {
        openedAt = nanoTime.getAsLong();
    }

    /** A connection ended that had been open: one that lasted was good, whatever ended it. */
    void lost() {
        if (nanoTime.getAsLong() - openedAt >= limits.stableAfter().toNanos()) {
            failures = 0;
        }
        failed();
    }

    /** Connecting failed. */
    void failed() {
        double span = Math.min((double) limits.max().toNanos(), limits.min().toNanos() * Math.pow(2, failures++));
        holdFor(Duration.ofNanos((long) (span * random.nextDouble())));
    }

    /** Nothing is to be expected of trying again before this time has passed. */
    void holdFor(Duration time) {
        heldFrom = nanoTime.getAsLong();
        hold = time;
    }

    /** How much longer to leave the peer alone; empty if it may be tried now. */
    Optional<Duration> remaining() {
        Duration left = hold.minusNanos(nanoTime.getAsLong() - heldFrom);
        return left.isNegative() || left.isZero() ? Optional.empty() : Optional.of(left);
    }
}
