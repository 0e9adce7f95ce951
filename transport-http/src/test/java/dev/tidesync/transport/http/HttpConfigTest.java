package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpConfigTest {
    @Test
    void theDefaultsAreTheDocumentedOnes() throws Exception {
        HttpConfig config = read(Map.of());

        assertThat(config.limits())
                .isEqualTo(new HttpConfig.ClientLimits(
                        Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(25), 5, 64 * 1024));
        assertThat(config.idempotency())
                .isEqualTo(new IdempotencyHeader("Idempotency-Key", IdempotencyHeader.Style.QUOTED));
        assertThat(config.userAgent()).isEqualTo("Tidesync/1.2.3");
        assertThat(config.gzip()).isFalse();
        assertThat(config.outcomes().retryAmbiguous()).isTrue();
        assertThat(config.outcomes().longestRetryAfter()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void everyProblemIsReportedAtOnce() {
        List<String> keys = problems(Map.ofEntries(
                        Map.entry("base-url", "http://api.example.com"),
                        Map.entry("allowed-hosts", "https://x/"),
                        Map.entry("call-timeout", "0ms"),
                        Map.entry("max-concurrency-per-host", "0"),
                        Map.entry("max-response-bytes", "3GiB"),
                        Map.entry("headers.Host", "x"),
                        Map.entry("headers.X-Bad", "line\nbreak"),
                        Map.entry("user-agent", "b\u00f6se"),
                        Map.entry("idempotency.header", "no name"),
                        Map.entry("auth.type", "bearer"),
                        Map.entry("trust-store.path", "/no/such/file.pem"),
                        Map.entry("pins.api.example.com", "md5/AAAA"),
                        Map.entry("retry.statuses", "200, 404"),
                        Map.entry("permanent.statuses", "404")))
                .stream()
                .map(ConfigProblem::key)
                .toList();

        assertThat(keys)
                .containsExactlyInAnyOrder(
                        "base-url",
                        "allowed-hosts",
                        "call-timeout",
                        "max-concurrency-per-host",
                        "max-response-bytes",
                        "headers.Host",
                        "headers.X-Bad",
                        "user-agent",
                        "idempotency.header",
                        "auth.token",
                        "auth.hosts",
                        "trust-store.path",
                        "pins.api.example.com",
                        "retry.statuses",
                        "retry.statuses");
    }

    @ParameterizedTest
    @CsvSource({
        "ftp://host",
        "api.example.com/v1",
        "https://user@host/",
        "https://host/?q=1",
        "https://host/#top",
        "'https://'"
    })
    void aBaseMustBeAPlainHttpsUrl(String base) {
        assertThat(problems(Map.of("base-url", base)))
                .extracting(ConfigProblem::key)
                .containsExactly("base-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer", "basic", "api-key"})
    void credentialsMustNameTheHostsTheyAreFor(String type) {
        List<ConfigProblem> problems = problems(
                Map.of("auth.type", type, "auth.token", "canary", "auth.username", "me", "auth.password", "canary"));

        assertThat(problems).extracting(ConfigProblem::key).containsExactly("auth.hosts");
        assertThat(problems.toString()).doesNotContain("canary");
    }

    @Test
    void aSecretThatIsNotThereYetIsNoProblemYet() throws Exception {
        Map<String, String> raw =
                Map.of("base-url", "https://h", "auth.type", "bearer", "auth.token", "${env:COMES_LATER}");

        assertThat(read(raw)).isNotNull();
    }

    @Test
    void anUnreadableKeyStoreDoesNotShowItsPassword() {
        assertThat(problems(Map.of("trust-store.path", "/dev/null", "trust-store.password", "canary"))
                        .toString())
                .contains("trust-store.path")
                .doesNotContain("canary");
    }

    @Test
    void everySettingIsDocumented() {
        assertThat(HttpSettings.SPEC.keys())
                .extracting(ConfigKey::doc)
                .allSatisfy(doc -> assertThat(doc).hasSizeGreaterThan(20).endsWith("."));
    }

    @Test
    void secretsAreMarkedAsSuch() {
        assertThat(HttpSettings.SPEC.keys().stream().filter(ConfigKey::secret).map(ConfigKey::name))
                .containsExactly("auth.token", "auth.password", "trust-store.password");
    }

    private static List<ConfigProblem> problems(Map<String, String> raw) {
        TransportConfigException problems = catchThrowableOfType(TransportConfigException.class, () -> read(raw));
        assertThat(problems).isNotNull();
        return problems.problems();
    }

    private static HttpConfig read(Map<String, String> raw) throws TransportConfigException {
        return HttpConfig.from(Settings.of(HttpSettings.SPEC, raw), "1.2.3");
    }
}
