package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.CheckedSettings;
import dev.tidesync.spi.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {
    private static final Map<String, String> BASE = Map.of("base-url", "https://api.example.com/v1");

    @ParameterizedTest
    @CsvSource({
        "/messages, https://api.example.com/v1/messages",
        "messages, https://api.example.com/v1/messages",
        "?q=1, https://api.example.com/v1?q=1",
        "//evil.example/x, https://api.example.com/v1//evil.example/x",
        "/../../x, https://api.example.com/x",
        "@evil.example/x, https://api.example.com/v1/@evil.example/x",
        "https:evil.example, https://api.example.com/v1/https:evil.example",
        "https://other.example/a, https://other.example/a",
        "HTTPS://Other.Example:443/a, https://other.example/a"
    })
    void aTargetLeadsBelowTheBaseUnlessItIsAbsolute(String target, String url) throws Exception {
        assertThat(rules(BASE).resolve(target)).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/x",
                "https://",
                "https://ho st/",
                "https://host/\u00fc",
                "file:///etc/passwd",
                "/a\nb"
            })
    void whatIsNoHttpUrlIsPermanent(String target) {
        SendResult result = refusal(BASE, target);

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.url");
    }

    @Test
    void credentialsInATargetAreRefusedAndNotShown() {
        SendResult result = refusal(BASE, "https://user:canary@api.example.com/");

        assertThat(result.code()).isEqualTo("http.url");
        assertThat(result.error()).contains("auth.type").doesNotContain("canary");
    }

    @Test
    void withoutABaseARelativeTargetWaitsUnchargedForOne() {
        SendResult result = refusal(Map.of(), "/messages");

        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.code()).isEqualTo("http.no-base-url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://localhost:8080/", "http://127.0.0.1/", "http://127.255.255.254/", "http://[::1]:80/"})
    void loopbackMayBeAskedInTheClear(String target) throws Exception {
        assertThat(rules(Map.of()).resolve(target).isHttps()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/",
                "http://localhost.evil.example/",
                "http://127.0.0.1.evil.example/",
                "http://127.0.0.256/",
                "http://2130706433/",
                "http://0x7f.1/",
                "http://10.0.0.1/",
                "http://169.254.169.254/latest/meta-data",
                "http://[::ffff:10.0.0.1]/",
                "http://0.0.0.0/"
            })
    void nothingElseMayBeAskedInTheClear(String target) {
        SendResult result = refusal(Map.of(), target);

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.cleartext");
        assertThat(result.error()).contains("allow-cleartext=true");
    }

    @Test
    void cleartextMayBeAllowed() throws Exception {
        assertThat(rules(Map.of("allow-cleartext", "true")).resolve("http://device.lan/"))
                .hasToString("http://device.lan/");
    }

    @Test
    void onlyAllowedHostsAreAsked() throws Exception {
        TargetRules rules = rules(
                Map.of("base-url", "https://api.example.com", "allowed-hosts", "Files.example.com, *.trusted.example"));

        assertThat(rules.resolve("https://files.example.com/")).isNotNull();
        assertThat(rules.resolve("https://a.b.trusted.example/")).isNotNull();
        assertThat(rules.resolve("https://api.example.com/")).isNotNull();
        assertThat(rules.resolve("/below")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example/",
                "https://trusted.example/",
                "https://eviltrusted.example/",
                "https://files.example.com.evil.example/",
                "http://127.0.0.1/"
            })
    void otherHostsAreRefusedByName(String target) {
        SendResult result = refusal(Map.of("allowed-hosts", "files.example.com, *.trusted.example"), target);

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.host");
    }

    private static SendResult refusal(Map<String, String> settings, String target) {
        UnsendableException refusal = catchThrowableOfType(
                UnsendableException.class, () -> rules(settings).resolve(target));
        assertThat(refusal).isNotNull();
        return refusal.result();
    }

    private static TargetRules rules(Map<String, String> raw) throws Exception {
        CheckedSettings settings = new CheckedSettings(Settings.of(HttpSettings.SPEC, raw));
        TargetRules rules = TargetRules.from(settings);
        settings.throwIfAnyProblem();
        return rules;
    }
}
