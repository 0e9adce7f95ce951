package dev.tidesync.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private final ConfigSpec spec = ConfigSpec.builder()
            .key(ConfigKey.of("name", ConfigType.TEXT, "A name."))
            .key(ConfigKey.of("timeout", ConfigType.DURATION, "A time.").withDefault("30s"))
            .key(ConfigKey.of("count", ConfigType.NUMBER, "A count."))
            .key(ConfigKey.of("size", ConfigType.SIZE, "A size.").withDefault("1KiB"))
            .key(ConfigKey.of("open", ConfigType.FLAG, "A flag."))
            .key(ConfigKey.of("hosts", ConfigType.LIST, "Hosts."))
            .key(ConfigKey.of("token", ConfigType.TEXT, "A secret.").asSecret())
            .key(ConfigKey.of("headers.*", ConfigType.TEXT, "Headers."))
            .build();

    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path directory;

    @Test
    void whatIsSetIsReadByItsType() throws Exception {
        Settings settings = settings(
                Map.of("name", "n", "timeout", "5s", "count", "7", "size", "2MiB", "open", "true", "hosts", "a, b"));

        assertThat(settings.text("name")).contains("n");
        assertThat(settings.duration("timeout")).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.number("count")).isEqualTo(7);
        assertThat(settings.sizeBytes("size")).isEqualTo(2 << 20);
        assertThat(settings.flag("open")).isTrue();
        assertThat(settings.list("hosts")).containsExactly("a", "b");
    }

    @Test
    void whatIsNotSetHasItsDefaultOrNothing() throws Exception {
        Settings settings = settings(Map.of());

        assertThat(settings.duration("timeout")).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.sizeBytes("size")).isEqualTo(1024);
        assertThat(settings.text("name")).isEmpty();
        assertThat(settings.flag("open")).isFalse();
        assertThat(settings.list("hosts")).isEmpty();
        assertThat(settings.group("headers.*")).isEmpty();
    }

    @Test
    void aGroupIsReadByTheFreePartOfItsNames() throws Exception {
        Settings settings = settings(Map.of("headers.X-A", "1", "headers.X-B", "2"));

        assertThat(settings.group("headers.*")).isEqualTo(Map.of("X-A", "1", "X-B", "2"));
    }

    @Test
    void aReferenceToTheEnvironmentIsLookedUpEachTime() throws Exception {
        Settings settings = settings(Map.of("token", "${env:TOKEN}"));

        environment.put("TOKEN", "first");
        assertThat(settings.text("token")).contains("first");
        environment.put("TOKEN", "rotated");
        assertThat(settings.text("token")).contains("rotated");
    }

    @Test
    void aReferenceToAFileIsReadWithoutItsLineEnd() throws Exception {
        Path secret = Files.writeString(directory.resolve("token"), "s3cret\n");

        assertThat(settings(Map.of("token", "${file:" + secret + "}")).text("token"))
                .contains("s3cret");
    }

    @Test
    void aReferenceThatLeadsNowhereIsNamed() throws Exception {
        assertThatThrownBy(() -> settings(Map.of("token", "${env:TOKEN}")).text("token"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("environment variable TOKEN is not set; set it and try again");
        assertThatThrownBy(() -> settings(Map.of("token", "${file:" + directory.resolve("gone") + "}"))
                        .text("token"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot read the secret in " + directory.resolve("gone"))
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aBadValueBehindAReferenceIsFoundWhenItIsRead() throws Exception {
        environment.put("COUNT", "many");
        Settings settings = settings(Map.of("count", "${env:COUNT}"));

        assertThatThrownBy(() -> settings.number("count"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("count: expected a whole number but was 'many'");
    }

    @Test
    void aNameThatTheSpecDoesNotHaveIsABugOfThePlugin() throws Exception {
        assertThatThrownBy(() -> settings(Map.of()).text("nmae"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the config spec has no key 'nmae'");
    }

    @Test
    void wrongSettingsAreRefusedWithAllProblems() {
        assertThatThrownBy(() -> settings(Map.of("count", "x", "open", "y")))
                .isInstanceOfSatisfying(
                        TransportConfigException.class,
                        refusal -> assertThat(refusal.problems())
                                .extracting(ConfigProblem::key)
                                .containsExactlyInAnyOrder("count", "open"))
                .hasMessageContaining("count: expected a whole number but was 'x'");
    }

    @Test
    void secretsAreMaskedAndReferencesAreNot() throws Exception {
        assertThat(settings(Map.of("name", "n", "token", "hunter2"))).hasToString("{name=n, token=••••}");
        assertThat(settings(Map.of("token", "${env:TOKEN}"))).hasToString("{token=${env:TOKEN}}");
    }

    private Settings settings(Map<String, String> raw) throws TransportConfigException {
        return Settings.of(spec, raw, environment::get);
    }
}
