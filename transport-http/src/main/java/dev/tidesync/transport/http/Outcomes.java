package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Turns an attempt's end into its result, and remembers what the next requests to that origin should know. Safe for use
 * by several threads.
 */
final class Outcomes {
    private final OutcomeRules rules;
    private final StatusClassifier statuses;
    private final FailureClassifier failures;
    private final RefusedCredentials refusedCredentials;
    private final GzipPolicy gzip;

    Outcomes(OutcomeRules rules, StatusClassifier statuses, RefusedCredentials refusedCredentials, GzipPolicy gzip) {
        this.rules = rules;
        this.statuses = statuses;
        this.failures = new FailureClassifier(rules.blockedProbe());
        this.refusedCredentials = refusedCredentials;
        this.gzip = gzip;
    }

    SendResult answered(HttpAnswer answer, PreparedRequest request) {
        if (request.compressed() && (answer.status() == 400 || answer.status() == 415)) {
            return compressionRefused(answer, request);
        }
        SendResult result = statuses.classify(answer, request);
        Optional<Credentials.Header> credential = request.credential();
        if (credential.isEmpty()) {
            return checked(result, request);
        }
        if (result.retryable() && (answer.status() == 401 || answer.status() == 403)) {
            return credentialRefused(result, request.origin(), credential.get());
        }
        refusedCredentials.accepted(request.origin());
        return checked(result, request);
    }

    SendResult failed(IOException failure, PreparedRequest request, boolean requestBegun) {
        return checked(failures.classify(failure, request, requestBegun), request);
    }

    SendResult cancelled(PreparedRequest request, boolean requestBegun) {
        return checked(FailureClassifier.cancelled(request, requestBegun), request);
    }

    /** The compression was this side's idea, so the operation does not pay for it: it goes again without. */
    private SendResult compressionRefused(HttpAnswer answer, PreparedRequest request) {
        gzip.refusedBy(request.origin());
        return Verdict.UNAVAILABLE
                .result("http." + answer.status(), request + " was refused compressed; it is sent uncompressed next")
                .withRetryAfter(Duration.ZERO);
    }

    /** Looked at again soon, since the credentials may be renewed any time; shown again only as a slow probe. */
    private SendResult credentialRefused(SendResult result, String origin, Credentials.Header credential) {
        refusedCredentials.refused(origin, credential.value());
        boolean probeIsSooner = rules.blockedProbe().compareTo(RequestFactory.CREDENTIAL_RECHECK) < 0;
        return result.withRetryAfter(probeIsSooner ? rules.blockedProbe() : RequestFactory.CREDENTIAL_RECHECK);
    }

    /** Where a person forbids it, what may have been applied is not repeated unless repeating is harmless. */
    private SendResult checked(SendResult result, PreparedRequest request) {
        boolean harmful = result.retryable() && result.ambiguous() && !request.repeatable();
        if (!harmful || rules.retryAmbiguous()) {
            return result;
        }
        return SendResult.permanent(result.error() + "; it may have been applied and has no idempotency key")
                .withCode("http.unknown-outcome")
                .withAmbiguous(true);
    }
}
