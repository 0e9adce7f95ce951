package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusClassifierTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final Duration PROBE = Duration.ofMinutes(1);
    private static final Optional<Credentials.Header> CREDENTIAL =
            Optional.of(new Credentials.Header("Authorization", "Bearer s3cret-token", List.of("s3cret-token")));
    private static final ProblemDetails KEY_PROBLEM = new ProblemDetails("Idempotency key in use", true);

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 205, 206, 207, 226, 299})
    void successIsDelivered(int status) {
        assertThat(classify(status)).isEqualTo(SendResult.delivered());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                300, 304, 305, 400, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 422, 424,
                426, 428, 431, 451, 499, 501, 505, 508
            })
    void whatNoAttemptCanMendIsPermanent(int status) {
        SendResult result = classify(status);

        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http." + status);
    }

    @ParameterizedTest
    @CsvSource({
        "101, OPERATION, false", "408, OPERATION, false", "421, OPERATION, false", "423, OPERATION, false",
        "425, OPERATION, false", "429, TARGET, false", "500, OPERATION, true", "502, TARGET, true",
        "503, TARGET, false", "504, TARGET, true", "507, OPERATION, false", "520, OPERATION, false",
        "529, OPERATION, false", "598, OPERATION, false", "599, OPERATION, false", "700, OPERATION, false"
    })
    void whatMayPassIsTriedAgain(int status, Scope scope, boolean ambiguous) {
        SendResult result = classify(status);

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(scope);
        assertThat(result.ambiguous()).isEqualTo(ambiguous);
        assertThat(result.code()).isEqualTo("http." + status);
        assertThat(result.retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 401, 407, 511})
    void whatWaitsForAPersonIsTheDestinationsAndAskedSlowly(int status) {
        SendResult result = classify(status);

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.ambiguous()).isFalse();
        assertThat(result.retryAfter()).contains(PROBE);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503, 504})
    void theReceiversWaitIsPassedOn(int status) {
        assertThat(classify(status, "Retry-After", "17").retryAfter()).contains(Duration.ofSeconds(17));
    }

    @Test
    void aBlockedDestinationIsNotAskedSoonerThanItsProbe() {
        assertThat(classify(307, "Retry-After", "1").retryAfter()).contains(PROBE);
        assertThat(classify(307, "Retry-After", "3600").retryAfter()).contains(Duration.ofHours(1));
    }

    @Test
    void aTooLargeBodyIsTriedAgainOnlyIfTheReceiverAsks() {
        assertThat(classify(413, "Retry-After", "5").retryable()).isTrue();
    }

    @Test
    void aMissingScopeWaitsForOtherCredentials() {
        SendResult result = classify(403, "WWW-Authenticate", "Bearer error=\"insufficient_scope\"");

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
    }

    @Test
    void aConflictOverTheKeyIsTriedAgainAfterASecondAtLeast() {
        SendResult named = classify(answer(409, KEY_PROBLEM), 0, false);

        assertThat(named.retryable()).isTrue();
        assertThat(named.scope()).isEqualTo(Scope.OPERATION);
        assertThat(named.ambiguous()).isTrue();
        assertThat(named.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(classify(409, "Retry-After", "0").retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(classify(409, "Retry-After", "9").retryAfter()).contains(Duration.ofSeconds(9));
    }

    @Test
    void aConflictAfterAnAmbiguousAttemptIsTriedAgainFiveTimesAtMost() {
        assertThat(classify(answer(409, ProblemDetails.NONE), 4, true).retryable())
                .isTrue();
        assertThat(classify(answer(409, ProblemDetails.NONE), 5, true).retryable())
                .isFalse();
    }

    @Test
    void aReusedKeyIsNamed() {
        SendResult result = classify(answer(422, KEY_PROBLEM), 0, false);

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.key-reused");
    }

    @Test
    void aRepeatedServerErrorIsPermanentSinceTheKeyWillBringItAgain() {
        assertThat(classify(500, "Idempotent-Replayed", "true").retryable()).isFalse();
        assertThat(classify(503, "Idempotent-Replayed", "true").retryable()).isFalse();
        assertThat(classify(500, "Idempotent-Replayed", "false").retryable()).isTrue();
    }

    @Test
    void configuredStatusesWin() {
        OutcomeRules rules = new OutcomeRules(Set.of(404), Set.of(503), true, Duration.ofHours(24), PROBE);
        StatusClassifier classifier = new StatusClassifier(rules, CLOCK);

        assertThat(classifier
                        .classify(answer(404, ProblemDetails.NONE), request(0, false))
                        .retryable())
                .isTrue();
        assertThat(classifier
                        .classify(answer(503, ProblemDetails.NONE), request(0, false))
                        .retryable())
                .isFalse();
    }

    @Test
    void theErrorNamesRequestStatusAndTitleButNoSecret() {
        ProblemDetails problem = new ProblemDetails("Token s3cret-token\r\nis unknown", false);
        Request sent = new Request.Builder()
                .url("https://api.example.com/v1/messages?signature=hidden#part")
                .build();

        SendResult result = classifier()
                .classify(answer(403, problem), new PreparedRequest(sent, CREDENTIAL, true, false, 0, false));

        assertThat(result.error())
                .isEqualTo("GET https://api.example.com/v1/messages?… was answered with 403 (Token •••• is unknown)");
    }

    @Test
    void aRedirectNamesItsPlaceWithoutSecrets() {
        assertThat(classify(308, "Location", "https://user:pw@elsewhere.example/new?token=hidden")
                        .error())
                .contains("https://elsewhere.example/new?…")
                .doesNotContain("pw")
                .doesNotContain("hidden");
    }

    private static SendResult classify(int status, String... headers) {
        return classify(new HttpAnswer(status, Headers.of(headers), ProblemDetails.NONE), 0, false);
    }

    private static SendResult classify(HttpAnswer answer, int attempt, boolean ambiguousBefore) {
        return classifier().classify(answer, request(attempt, ambiguousBefore));
    }

    private static StatusClassifier classifier() {
        return new StatusClassifier(new OutcomeRules(Set.of(), Set.of(), true, Duration.ofHours(24), PROBE), CLOCK);
    }

    private static HttpAnswer answer(int status, ProblemDetails problem) {
        return new HttpAnswer(status, Headers.of(), problem);
    }

    private static PreparedRequest request(int attempt, boolean ambiguousBefore) {
        Request request = new Request.Builder().url("https://api.example.com/").build();
        return new PreparedRequest(request, Optional.empty(), true, false, attempt, ambiguousBefore);
    }
}
