package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials: where they come from, where they go, and what happens when they are refused. */
class AuthIT {
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
        http.environment.put("TOKEN", "first");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void aBearerTokenIsReadForEachRequest() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}");

        assertThat(deliveredHeader("Authorization")).contains("Bearer first");
        http.environment.put("TOKEN", "second");
        assertThat(deliveredHeader("Authorization")).contains("Bearer second");
    }

    @Test
    void aPasswordIsReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("password"), "open sesame\n");
        http.with("auth.type", "basic", "auth.username", "Aladdin", "auth.password", "${file:" + file + "}");

        assertThat(deliveredHeader("Authorization")).contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    @Test
    void anApiKeyGoesIntoItsHeader() throws Exception {
        http.with("auth.type", "api-key", "auth.token", "${env:TOKEN}", "auth.header", "X-Token");

        assertThat(deliveredHeader("X-Token")).contains("first");
    }

    @Test
    void credentialsOfTheBaseDoNotGoToAnotherServer() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}");
        try (HttpFixture other = HttpFixture.start()) {
            other.answer(200);

            http.send(HttpFixture.operation("http.post", other.server.url("/").toString(), "")
                    .build());

            assertThat(other.server.takeRequest().getHeaders().get("Authorization"))
                    .isNull();
        }
    }

    @Test
    void credentialsGoToTheHostsThatAreNamed() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}", "auth.hosts", "api.example.com");
        assertThat(deliveredHeader("Authorization")).isEmpty();

        http.with("auth.hosts", "127.0.0.1");
        assertThat(deliveredHeader("Authorization")).contains("Bearer first");
    }

    @Test
    void aMissingSecretHoldsTheDestinationAndIsNamed() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:NOT_SET}");

        SendResult result = http.send("http.post", "{}");

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.code()).isEqualTo("http.credentials");
        assertThat(result.error()).contains("NOT_SET");
        assertThat(http.server.getRequestCount()).isZero();
    }

    @Test
    void refusedCredentialsAreNotShownAgainUntilTheProbe() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}").answer(401);

        SendResult refused = http.send("http.post", "{}");
        SendResult held = http.send("http.post", "{}");

        assertThat(refused.scope()).isEqualTo(Scope.TARGET);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(10));
        assertThat(held.code()).isEqualTo("http.401");
        assertThat(held.scope()).isEqualTo(Scope.TARGET);
        assertThat(http.server.getRequestCount()).isEqualTo(1);

        http.advance(Duration.ofMinutes(1));
        assertThat(deliveredHeader("Authorization")).contains("Bearer first");
        assertThat(deliveredHeader("Authorization")).contains("Bearer first");
    }

    @Test
    void renewedCredentialsAreSentAtOnce() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}").answer(401);
        http.send("http.post", "{}");

        http.environment.put("TOKEN", "second");

        http.server.takeRequest();
        assertThat(deliveredHeader("Authorization")).contains("Bearer second");
    }

    @Test
    void aClockThatWentBackDoesNotHoldTheDestination() throws Exception {
        http.with("auth.type", "bearer", "auth.token", "${env:TOKEN}").answer(401);
        http.send("http.post", "{}");

        http.advance(Duration.ofDays(-365));

        http.server.takeRequest();
        assertThat(deliveredHeader("Authorization")).contains("Bearer first");
    }

    /** The header of the request that was delivered; those that were refused before must have been taken. */
    private Optional<String> deliveredHeader(String name) throws InterruptedException {
        http.answer(200);
        assertThat(http.send("http.post", "{}")).isEqualTo(SendResult.delivered());
        return Optional.ofNullable(http.server.takeRequest().getHeaders().get(name));
    }
}
