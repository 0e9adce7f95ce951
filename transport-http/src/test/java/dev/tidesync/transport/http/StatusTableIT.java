package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import java.time.Duration;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each status as a server gives it, and that none makes the client send a second request. */
class StatusTableIT {
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http.post, 200, delivered", "http.post, 201, delivered", "http.post, 204, delivered",
        "http.post, 301, retryable", "http.post, 302, retryable", "http.post, 303, retryable",
        "http.post, 307, retryable", "http.post, 308, retryable", "http.post, 304, permanent",
        "http.post, 400, permanent", "http.post, 401, retryable", "http.post, 402, permanent",
        "http.post, 403, permanent", "http.post, 404, permanent", "http.post, 407, retryable",
        "http.post, 408, retryable", "http.post, 409, permanent", "http.post, 410, permanent",
        "http.post, 413, permanent", "http.post, 415, permanent", "http.post, 421, retryable",
        "http.post, 422, permanent", "http.post, 423, retryable", "http.post, 425, retryable",
        "http.post, 429, retryable", "http.post, 431, permanent", "http.post, 451, permanent",
        "http.post, 500, retryable", "http.post, 501, permanent", "http.post, 502, retryable",
        "http.post, 503, retryable", "http.post, 504, retryable", "http.post, 505, permanent",
        "http.post, 507, retryable", "http.post, 508, permanent", "http.post, 511, retryable",
        "http.post, 520, retryable", "http.post, 599, retryable", "http.post, 999, retryable",
        "http.get, 301, retryable", "http.get, 302, retryable", "http.get, 307, retryable",
        "http.get, 407, retryable", "http.get, 408, retryable", "http.get, 421, retryable",
        "http.get, 503, retryable", "http.delete, 408, retryable", "http.delete, 503, retryable"
    })
    void eachStatusHasItsOutcomeAfterOneRequest(String kind, int status, String outcome) {
        http.answer(
                status,
                "Location: /elsewhere",
                "Retry-After: 0".replace("0", status == 409 || status == 413 ? "x" : "0"));
        http.answer(200).answer(200);

        SendResult result = http.send(kind, "");

        assertThat(result.toString()).startsWith(outcome);
        assertThat(result.code()).isEqualTo(result.ok() ? "" : "http." + status);
        assertThat(http.server.getRequestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.get", "http.post", "http.delete"})
    void aRetryAfterBeyondAnIntDoesNotBreakTheClient(String kind) {
        http.answer(503, "Retry-After: 99999999999");

        SendResult result = http.send(kind, "");

        assertThat(result.code()).isEqualTo("http.503");
        assertThat(result.retryAfter()).contains(Duration.ofHours(24));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 301, 302, 303, 307, 308})
    void aRedirectToAnotherServerIsNeverFollowed(int status) throws Exception {
        try (MockWebServer other = new MockWebServer()) {
            other.start();
            http.answer(status, "Location: " + other.url("/taken"));

            SendResult result = http.send("http.post", "{}");

            assertThat(result.ok()).isFalse();
            assertThat(other.getRequestCount()).isZero();
        }
    }

    @Test
    void problemDetailsDecideAConflict() {
        http.answer(HttpFixture.response(409, "Content-Type: application/problem+json")
                .body("{\"type\": \"https://docs.example/idempotency\", \"title\": \"A request is outstanding\"}")
                .build());

        SendResult result = http.send("http.post", "{}");

        assertThat(result.retryable()).isTrue();
        assertThat(result.error()).contains("A request is outstanding");
    }

    @Test
    void aStripeErrorDecidesAConflictToo() {
        http.answer(HttpFixture.response(409, "Content-Type: application/json")
                .body("{\"error\": {\"type\": \"idempotency_error\", \"message\": \"…\"}}")
                .build());

        assertThat(http.send("http.post", "{}").retryable()).isTrue();
    }
}
