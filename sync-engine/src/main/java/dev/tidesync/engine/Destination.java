package dev.tidesync.engine;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.spi.Admission;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One place that operations go to, as far as it fails as one: a transport instance and the destination part of the
 * targets. It knows how many sends are under way to it, and pauses when it fails.
 *
 * <p>Three failures in a row that are the destination's own (scope TARGET) pause it, by the retry policy on its own
 * count, or for as long as it asked for. When the pause is over, one send at a time probes it: another such failure
 * pauses it for longer, any other answer ends the matter. Failures of sends that began before the pause do not count
 * again. How many sends it takes at a time is found out by a {@link SendLimit}.
 *
 * <p><b>Threads:</b> confined to the step.
 */
final class Destination {
    /** How long a destination that nothing goes to is remembered at least. */
    private static final long LEAST_MEMORY_MS = TimeUnit.MINUTES.toMillis(1);

    /** An answer to one operation must not close a destination for longer; the operation itself waits as asked. */
    private static final long LONGEST_ASKED_PAUSE_MS = TimeUnit.HOURS.toMillis(1);

    /** So many failures in a row are no accident. */
    private static final int FAILURES_TO_PAUSE = 3;

    private static final Logger log = LoggerFactory.getLogger(Destination.class);

    private final Key key;
    private final RetryPolicy retry;
    private int running;
    private int failuresInARow;
    private int pauses;
    private final SendLimit limit = new SendLimit();

    /** How many sends have begun, and how many had when it was paused last. */
    private long sends;

    private long sendsBeforePause;
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
        return Admission.upTo(Math.max(0, allowed(window) - running - granted));
    }

    private int allowed(int window) {
        return pauses > 0 ? 1 : limit.within(window);
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
                allowed(window));
    }

    void sendStarted() {
        running++;
        sends++;
        limit.began(running);
    }

    /** The number of the send that began last; numbers grow. */
    long lastSend() {
        return sends;
    }

    /** A send is over, or is no longer waited for. */
    void sendEnded() {
        running--;
    }

    /** Learns from what a transport answered to the send with this number; true if that paused it, or ended a pause. */
    boolean answered(SendResult result, long send, long nowMs) {
        int pausesBefore = pauses;
        wanted(nowMs);
        if (isOwnFailure(result)) {
            limit.failed(send, sends);
            if (send > sendsBeforePause) {
                failed(result, nowMs);
            }
        } else if (result.ok() || result.scope() == Scope.OPERATION) {
            recovered();
            limit.answered();
        }
        return pauses != pausesBefore;
    }

    private static boolean isOwnFailure(SendResult result) {
        return result.retryable() && result.scope() == Scope.TARGET;
    }

    private void failed(SendResult result, long nowMs) {
        failuresInARow++;
        lastProblem = result.code().isEmpty() ? result.error() : result.code();
        if (failuresInARow >= FAILURES_TO_PAUSE) {
            pause(result.retryAfter().map(Duration::toMillis).orElse(0L), nowMs);
        }
    }

    private void pause(long askedMs, long nowMs) {
        if (pauses == 0) {
            // constant for as long as the trouble lasts, so that each waiting operation is noted it once
            pauseReason = key + " is paused after " + FAILURES_TO_PAUSE + " failures in a row, last: " + lastProblem;
            log.warn("{}", pauseReason);
        }
        pausedAtMs = nowMs;
        long policyMs = retry.jitteredDelayFor(pauses, key.toString()).toMillis();
        pauseMs = Math.max(policyMs, Math.min(askedMs, LONGEST_ASKED_PAUSE_MS));
        pauses++;
        sendsBeforePause = sends;
    }

    private void recovered() {
        if (pauses > 0) {
            log.info("{} answers again", key);
            limit.startOver();
        }
        failuresInARow = 0;
        lastProblem = "";
        pauses = 0;
        pauseMs = 0;
    }

    /** Something waits to go there, or was there. */
    void wanted(long nowMs) {
        wantedAtMs = nowMs;
    }

    /** Whether nothing is lost by forgetting it. */
    boolean isForgettable() {
        return running == 0 && failuresInARow == 0 && limit.isOpen();
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
