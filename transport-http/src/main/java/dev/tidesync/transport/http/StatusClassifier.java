package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Judges an attempt by the receiver's answer: the table of outcomes in {@code docs/http.md}. */
final class StatusClassifier {
    /** A first request with the same key that still runs after so many attempts will not be waited for. */
    private static final int MOST_CONFLICTS = 5;

    private static final Duration CONFLICT_WAIT = Duration.ofSeconds(1);

    private final OutcomeRules rules;
    private final InstantSource clock;

    StatusClassifier(OutcomeRules rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
    }

    SendResult classify(HttpAnswer answer, PreparedRequest request) {
        Optional<Duration> retryAfter = retryAfter(answer);
        Verdict verdict = verdict(answer, request, retryAfter);
        SendResult result = verdict.result(code(answer), describe(answer, request));
        return wait(verdict, answer.status(), retryAfter)
                .map(result::withRetryAfter)
                .orElse(result);
    }

    private Verdict verdict(HttpAnswer answer, PreparedRequest request, Optional<Duration> retryAfter) {
        int status = answer.status();
        if (answer.isSuccess()) {
            return Verdict.DELIVERED;
        }
        if (rules.permanentStatuses().contains(status) || (status >= 500 && answer.isReplay())) {
            return Verdict.PERMANENT;
        }
        if (rules.retryStatuses().contains(status)) {
            return Verdict.RETRY;
        }
        return switch (status) {
            case 301, 302, 303, 307, 308, 401, 407, 511 -> Verdict.BLOCKED;
            case 403 -> answer.lacksScope() ? Verdict.BLOCKED : Verdict.PERMANENT;
            case 409 -> isStillRunning(answer, request, retryAfter) ? Verdict.RETRY_AMBIGUOUS : Verdict.PERMANENT;
            case 413 -> retryAfter.isPresent() ? Verdict.RETRY : Verdict.PERMANENT;
            case 408, 421, 423, 425 -> Verdict.RETRY;
            case 429, 503 -> Verdict.UNAVAILABLE;
            case 500 -> Verdict.RETRY_AMBIGUOUS;
            case 501, 505, 508 -> Verdict.PERMANENT;
            case 502, 504 -> Verdict.UNAVAILABLE_AMBIGUOUS;
            // An invalid status counts as a server error (RFC 9110 §15); so does an upgrade nobody asked for.
            default -> status >= 500 || status < 200 ? Verdict.RETRY : Verdict.PERMANENT;
        };
    }

    /** Whether a 409 speaks of an earlier request with the same idempotency key, and not of the resource's state. */
    private static boolean isStillRunning(HttpAnswer answer, PreparedRequest request, Optional<Duration> retryAfter) {
        boolean isAboutKey = retryAfter.isPresent() || answer.problem().namesIdempotency() || request.ambiguousBefore();
        return isAboutKey && request.attempt() < MOST_CONFLICTS;
    }

    private Optional<Duration> retryAfter(HttpAnswer answer) {
        return new RetryAfter(clock.instant(), rules.longestRetryAfter())
                .read(answer.header("Retry-After"), answer.header("Date"));
    }

    private Optional<Duration> wait(Verdict verdict, int status, Optional<Duration> retryAfter) {
        return switch (verdict) {
            case DELIVERED, PERMANENT -> Optional.empty();
            case BLOCKED -> atLeast(rules.blockedProbe(), retryAfter);
            default -> status == 409 ? atLeast(CONFLICT_WAIT, retryAfter) : retryAfter;
        };
    }

    private static Optional<Duration> atLeast(Duration least, Optional<Duration> asked) {
        return asked.filter(wait -> wait.compareTo(least) > 0).or(() -> Optional.of(least));
    }

    private static String code(HttpAnswer answer) {
        return keyWasReused(answer) ? "http.key-reused" : "http." + answer.status();
    }

    private static boolean keyWasReused(HttpAnswer answer) {
        return answer.status() == 422 && answer.problem().namesIdempotency();
    }

    private static String describe(HttpAnswer answer, PreparedRequest request) {
        String answered = request + " was answered with " + answer.status();
        String title = answer.problem().title();
        return SafeText.of(answered + (title.isBlank() ? "" : " (" + title + ")") + advice(answer), request);
    }

    private static String advice(HttpAnswer answer) {
        return switch (answer.status()) {
            case 301, 308 -> moved(answer) + "; update the target or base-url";
            case 302, 303, 307 -> moved(answer) + "; redirects are not followed, this may be a captive portal";
            case 401 -> "; renew the credentials";
            case 407 -> "; the proxy wants credentials";
            case 422 -> keyWasReused(answer) ? ": the idempotency key was used for another payload" : "";
            case 511 -> "; log in to the network";
            default -> answer.isReplay() ? "; it is a repeated answer, a new attempt needs a new key" : "";
        };
    }

    private static String moved(HttpAnswer answer) {
        return answer.header("Location")
                .map(location -> ", which leads to " + SafeText.url(location))
                .orElse("");
    }
}
