package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.time.Duration;
import java.util.Optional;

/** Decides what becomes of an operation after a send, or instead of one. Pure; safe for use by many threads. */
final class OutcomeRules {
    /** Beyond this a wait asked for by the other side is no longer a wait, and sums of times could overflow. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(365);

    private final Outbox outbox;

    OutcomeRules(Outbox outbox) {
        this.outbox = outbox;
    }

    /** What follows from a transport's result. */
    Settlement settle(Claim claim, SendResult result, long nowMs) {
        if (result.ok()) {
            return Settlement.delivered(claim, nowMs).withAnswer(result.answer());
        }
        return unsuccessful(claim, result, nowMs).withCode(result.code()).withAmbiguous(result.ambiguous());
    }

    private Settlement unsuccessful(Claim claim, SendResult result, long nowMs) {
        int attempt = claim.operation().attempt() + 1;
        if (!result.retryable()) {
            return Settlement.permanentlyFailed(claim, result.error(), nowMs);
        }
        if (result.scope() != Scope.OPERATION) {
            long policyDueAtMs = outbox.retryAtMs(claim.operation(), 1, nowMs);
            return dueAt(Settlement::released, claim, result, nowMs, policyDueAtMs);
        }
        if (!outbox.canRetry(claim.operation(), attempt, nowMs)) {
            return Settlement.permanentlyFailed(claim, result.error(), nowMs);
        }
        long policyDueAtMs = outbox.retryAtMs(claim.operation(), attempt, nowMs);
        return dueAt(Settlement::failed, claim, result, nowMs, policyDueAtMs);
    }

    /** A settlement that waits as the policy says, or longer if the other side asked for it. */
    private static Settlement dueAt(
            Waiting settlement, Claim claim, SendResult result, long nowMs, long policyDueAtMs) {
        long askedDueAtMs = result.retryAfter()
                .map(wait -> wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait)
                .map(wait -> nowMs + wait.toMillis())
                .orElse(policyDueAtMs);
        boolean asked = askedDueAtMs > policyDueAtMs;
        return settlement
                .of(claim, result.error(), nowMs, Math.max(askedDueAtMs, policyDueAtMs))
                .withAskedDueTime(asked);
    }

    /** The engine stops before the send has ended. */
    Settlement stopped(Claim claim, long nowMs) {
        return Settlement.released(claim, "released: the engine stopped before the answer came", nowMs, nowMs)
                .withCode("engine.stopped")
                .withAmbiguous(true);
    }

    /** No transport serves what was claimed. */
    Settlement unroutable(Claim claim, String reason, long nowMs) {
        return Settlement.released(claim, reason, nowMs, outbox.retryAtMs(claim.operation(), 1, nowMs));
    }

    /** The end of a claimed operation that must not be sent any more; empty if it may be. */
    Optional<Settlement> bury(Claim claim, long nowMs) {
        Operation operation = claim.operation();
        if (operation.expiresAtMs() > 0 && operation.expiresAtMs() <= nowMs) {
            String error = "expired: not delivered by " + operation.expiresAtMs();
            return Optional.of(Settlement.permanentlyFailed(claim, error, nowMs)
                    .withCode("expired")
                    .uncharged());
        }
        RetryPolicy retry = outbox.config().retryFor(operation.kind());
        if (!retry.canRetry(operation.attempt())) {
            String error = "attempts used up: " + operation.attempt() + " of " + retry.maxAttempts() + "; last error: "
                    + operation.lastError();
            return Optional.of(Settlement.permanentlyFailed(claim, error, nowMs)
                    .withCode("engine.attempts-used-up")
                    .uncharged());
        }
        return Optional.empty();
    }

    /** A settlement after which the operation waits. */
    private interface Waiting {
        Settlement of(Claim claim, String reason, long nowMs, long dueAtMs);
    }
}
