package dev.tidesync.engine;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.spi.Admission;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place that operations go to, as far as it fails as one: a transport instance and the destination part of the
 * targets. It knows how many sends are under way to it, and pauses when it fails.
 *
 * <p>Three failures in a row that are the destination's own (scope TARGET) pause it, by the retry policy on its own
 * count. When the pause is over, one send at a time probes it: another such failure pauses it for longer, any other
 * answer ends the matter. Failures of sends that began before the pause do not count again.
 *
 * <p><b>Threads:</b> confined to the step.
 */
final class Destination {
    /** How long a destination that nothing goes to is remembered at least. */
    private static final long LEAST_MEMORY_MS = TimeUnit.MINUTES.toMillis(1);

    /** So many failures in a row are no accident. */
    private static final int FAILURES_TO_PAUSE = 3;

    private static final Logger log = LoggerFactory.getLogger(Destination.class);

    private final Key key;
    private final RetryPolicy retry;
    private int running;
    private int failuresInARow;
    private int pauses;
    private int pauseEpoch;
    private long pausedAtMs;
    private long pauseMs;
    private String pauseReason = "";
    private String lastProblem = "";
    private long wantedAtMs;

    Destination(Key key, RetryPolicy retry) {
        this.key = key;
        this.retry = retry;
    }

    Key key() {
        return key;
    }

    /** How many more sends may go to it, before those already {@code granted}. */
    Admission admit(int window, int granted, long nowMs) {
        if (pauseLeftMs(nowMs) > 0) {
            return Admission.hold(pauseReason);
        }
        int allowed = pauses > 0 ? 1 : window;
        return Admission.upTo(Math.max(0, allowed - running - granted));
    }

    /** How long it stays paused; 0 if it is not. */
    long pauseLeftMs(long nowMs) {
        if (nowMs < pausedAtMs) {
            // the clock went back: the pause starts anew instead of lasting until the old time comes round again
            pausedAtMs = nowMs;
        }
        return Math.max(0, pauseMs - (nowMs - pausedAtMs));
    }

    /** How it stands, given how many sends may go to it. */
    DestinationStatus status(int window, long nowMs) {
        long leftMs = pauseLeftMs(nowMs);
        Breaker breaker = pauses == 0 ? Breaker.CLOSED : leftMs > 0 ? Breaker.OPEN : Breaker.HALF_OPEN;
        return new DestinationStatus(
                key.instance(),
                key.name(),
                breaker,
                leftMs > 0 ? nowMs + leftMs : 0,
                failuresInARow,
                lastProblem,
                running,
                pauses > 0 ? 1 : window);
    }

    void sendStarted() {
        running++;
    }

    /** A send is over, or is no longer waited for. */
    void sendEnded() {
        running--;
    }

    /** Learns from what a transport answered to a send that began at the given epoch. */
    void answered(SendResult result, int sentInEpoch, long nowMs) {
        wanted(nowMs);
        if (isOwnFailure(result)) {
            if (sentInEpoch == pauseEpoch) {
                failed(result, nowMs);
            }
        } else if (result.ok() || result.scope() == Scope.OPERATION) {
            recovered();
        }
    }

    private static boolean isOwnFailure(SendResult result) {
        return result.retryable() && result.scope() == Scope.TARGET;
    }

    private void failed(SendResult result, long nowMs) {
        failuresInARow++;
        lastProblem = result.code().isEmpty() ? result.error() : result.code();
        if (failuresInARow >= FAILURES_TO_PAUSE) {
            pause(nowMs);
        }
    }

    private void pause(long nowMs) {
        if (pauses == 0) {
            // constant for as long as the trouble lasts, so that each waiting operation is noted it once
            pauseReason = key + " is paused after " + FAILURES_TO_PAUSE + " failures in a row, last: " + lastProblem;
            log.warn("{}", pauseReason);
        }
        pausedAtMs = nowMs;
        pauseMs = retry.jitteredDelayFor(pauses, key.toString()).toMillis();
        pauses++;
        pauseEpoch++;
    }

    private void recovered() {
        if (pauses > 0) {
            log.info("{} answers again", key);
        }
        failuresInARow = 0;
        lastProblem = "";
        pauses = 0;
        pauseMs = 0;
    }

    /** Grows with every pause. */
    int pauseEpoch() {
        return pauseEpoch;
    }

    /** Something waits to go there, or was there. */
    void wanted(long nowMs) {
        wantedAtMs = nowMs;
    }

    /** Whether nothing is lost by forgetting it. */
    boolean isForgettable() {
        return running == 0 && failuresInARow == 0;
    }

    /**
     * Whether nothing was to go there for so long that its operations must have ended otherwise: cancelled, expired,
     * replaced. Those that fail come back sooner, since no pause and no retry takes longer than the longest delay.
     */
    boolean isDeserted(long nowMs) {
        if (nowMs < wantedAtMs) {
            wantedAtMs = nowMs;
        }
        long memoryMs = Math.max(LEAST_MEMORY_MS, 2 * retry.maxDelay().toMillis());
        return running == 0 && nowMs - wantedAtMs > memoryMs;
    }

    /**
     * What tells destinations apart.
     *
     * @param instance the transport instance
     * @param name the destination part of the target; empty for the transport's configured base
     */
    record Key(String instance, String name) {
        @Override
        public String toString() {
            return "destination " + (name.isEmpty() ? "of transport '" + instance + "'" : "'" + name + "'");
        }
    }
}
