package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.cli.CommandRig.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidesync plugins}, with the fake transport on the class path. What concerns JARs is tested on the bundle. */
class PluginsCommandIT {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void transportsIsTheShortFormOfList() {
        Result list = rig().run("plugins", "list", "--set", "fake.kinds=http.");

        assertThat(list.exitCode()).isZero();
        assertThat(list.out()).contains("READY", "http.");
        assertThat(rig().run("transports", "--set", "fake.kinds=http.").out()).isEqualTo(list.out());
    }

    @Test
    void explainNamesEveryPrefixAndTheOneThatDecides() {
        Result result = rig().run(
                        "plugins",
                        "explain",
                        "http.crm.post",
                        "--set",
                        "fake.kinds=http.",
                        "--set",
                        "transports.crm.plugin=fake",
                        "--set",
                        "routes.http.crm.=crm");

        assertThat(result.lines())
                .startsWith(
                        "'http.crm.post' goes to transport 'crm'",
                        "  http.crm.             decides  transport 'crm', by routes.http.crm.=crm",
                        "  http.                 shorter  transport 'fake', by transports.fake.kinds");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void explainOfAKindWithoutATransportSaysWhatToDo() {
        Result result = rig().run("plugins", "explain", "mqtt.publish");

        assertThat(result.lines().get(0))
                .startsWith("no transport serves kind 'mqtt.publish'; loaded prefixes: ")
                .endsWith("; drop its JAR into plugins/ and restart");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void describeShowsEverySettingWithItsTypeDefaultAndMeaning() {
        Result people = rig().run("plugins", "describe", "fake");
        Result programs = rig().run("plugins", "describe", "fake", "--json");

        assertThat(people.out())
                .contains("fake ", "SPI level 1", "fail-first  (a whole number; default 0)", "latency  (a duration");
        assertThat(programs.onlyLine())
                .contains("\"name\":\"fail-first\",\"type\":\"NUMBER\",\"default\":\"0\",\"required\":false");
    }

    @Test
    void describeOfAPluginThatIsNotThereIsRefused() {
        Result result = rig().run("plugins", "describe", "mqtt");

        assertThat(result.err())
                .isEqualTo(
                        "tidesync: no plugin 'mqtt' describes itself; 'tidesync plugins list' shows what was found\n");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void lockNeedsAFileThatConfigurationNames() {
        Result result = rig().run("plugins", "lock");

        assertThat(result.err()).startsWith("tidesync: there is no lock file; name one in the configuration");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void whatIsLockedVerifiesUntilItChanges() throws Exception {
        Path plugins = Files.createDirectories(directory.resolve("plugins"));
        Files.writeString(plugins.resolve("some.jar"), "as it is");
        String[] settings = {
            "--set", "plugins.dir=" + plugins, "--set", "plugins.lock=" + directory.resolve("plugins.lock")
        };

        assertThat(run(settings, "plugins", "lock").out()).startsWith("1 JARs locked in ");
        assertThat(run(settings, "plugins", "verify").onlyLine()).isEqualTo("all 1 JARs are as they were locked");

        Files.writeString(plugins.resolve("some.jar"), "as it was made");
        Result changed = run(settings, "plugins", "verify");
        assertThat(changed.onlyLine())
                .isEqualTo(plugins.resolve("some.jar") + " has changed since it was locked: some.jar");
        assertThat(changed.exitCode()).isEqualTo(1);
    }

    @Test
    void aFolderOfCandidatesThatIsNotThereIsBadInput() {
        Result result = rig().run(
                        "plugins",
                        "check",
                        "--folder",
                        directory.resolve("gone").toString());

        assertThat(result.err()).startsWith("tidesync: there is no folder ");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private Result run(String[] settings, String... words) {
        String[] all =
                Stream.concat(Arrays.stream(settings), Arrays.stream(words)).toArray(String[]::new);
        return rig().run(all);
    }

    private CommandRig rig() {
        return new CommandRig(directory);
    }
}
