package dev.tidesync.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckedSettingsTest {
    private final ConfigSpec spec = ConfigSpec.builder()
            .key(ConfigKey.of("url", ConfigType.TEXT, "A URL."))
            .key(ConfigKey.of("timeout", ConfigType.DURATION, "A time.").withDefault("30s"))
            .key(ConfigKey.of("count", ConfigType.NUMBER, "A count.").withDefault("4"))
            .key(ConfigKey.of("size", ConfigType.SIZE, "A size.").withDefault("1KiB"))
            .key(ConfigKey.of("open", ConfigType.FLAG, "A flag."))
            .key(ConfigKey.of("hosts", ConfigType.LIST, "Hosts."))
            .key(ConfigKey.of("token", ConfigType.TEXT, "A secret.").asSecret())
            .key(ConfigKey.of("headers.*", ConfigType.TEXT, "Headers."))
            .build();

    @Test
    void soundSettingsAreReadByTheirTypesWithoutAProblem() throws Exception {
        CheckedSettings settings = read(
                Map.of("url", "https://a.example/", "open", "true", "hosts", "a, b", "headers.X-A", "1", "count", "7"));

        assertThat(settings.parsed("url", URI::create)).contains(URI.create("https://a.example/"));
        assertThat(settings.flag("open")).isTrue();
        assertThat(settings.list("hosts")).containsExactly("a", "b");
        assertThat(settings.group("headers.*")).isEqualTo(Map.of("X-A", "1"));
        assertThat(settings.number("count")).isEqualTo(7);
        assertThat(settings.sizeBytes("size")).isEqualTo(1024);
        assertThat(settings.duration("timeout")).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.text("token")).isEmpty();
        assertThatCode(settings::throwIfAnyProblem).doesNotThrowAnyException();
    }

    @Test
    void everyProblemIsKeptAndThrownAtOnce() throws Exception {
        CheckedSettings settings = read(Map.of("url", "no url", "timeout", "0s", "count", "0", "size", "4GiB"));

        assertThat(settings.parsed("url", URI::create)).isEmpty();
        settings.duration("timeout");
        settings.number("count");
        settings.sizeBytes("size");
        settings.problem("hosts", "contradict the url");

        assertThat(problemsOf(settings))
                .extracting(ConfigProblem::toString)
                .satisfiesExactly(
                        url -> assertThat(url).startsWith("url: Illegal character"),
                        timeout -> assertThat(timeout)
                                .isEqualTo("timeout: expected a duration between 1ms and 24d but was '0ms'"),
                        count -> assertThat(count)
                                .isEqualTo("count: expected a number between 1 and 2147483647 but was '0'"),
                        size -> assertThat(size)
                                .isEqualTo("size: expected a number between 1 and 2147483647 but was '4294967296'"),
                        hosts -> assertThat(hosts).isEqualTo("hosts: contradict the url"));
    }

    @Test
    void aTimeTooLongForLibrariesIsAProblem() throws Exception {
        CheckedSettings settings = read(Map.of("timeout", "25d"));

        settings.duration("timeout");

        assertThat(problemsOf(settings)).extracting(ConfigProblem::key).containsExactly("timeout");
    }

    @Test
    void aReferenceThatLeadsNowhereWasSetAndIsAProblemWhenItIsRead() throws Exception {
        CheckedSettings settings = read(Map.of("token", "${env:TOKEN}"));

        assertThat(settings.isSet("token")).isTrue();
        assertThat(settings.isSet("url")).isFalse();
        assertThat(settings.text("token")).isEmpty();
        assertThat(problemsOf(settings))
                .extracting(ConfigProblem::toString)
                .containsExactly("token: environment variable TOKEN is not set; set it and try again");
    }

    private CheckedSettings read(Map<String, String> raw) throws TransportConfigException {
        return new CheckedSettings(Settings.of(spec, raw, noVariable -> null));
    }

    private static List<ConfigProblem> problemsOf(CheckedSettings settings) {
        TransportConfigException[] refusal = new TransportConfigException[1];
        assertThatThrownBy(settings::throwIfAnyProblem)
                .isInstanceOfSatisfying(TransportConfigException.class, thrown -> refusal[0] = thrown);
        return refusal[0].problems();
    }
}
