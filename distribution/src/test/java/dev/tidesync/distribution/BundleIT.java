package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.distribution.Bundle.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The bundle's commands as processes: the start script, what lies where, and one outbox with several processes. */
@Timeout(300)
class BundleIT {
    private static final String ENQUEUE = "enqueue";

    @TempDir
    Path directory;

    private final Bundle bundle = Bundle.assembled();

    @Test
    void theDemoDeliversEverythingExactlyOnce() throws Exception {
        Result demo = bundle.run("demo");

        assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.lines()).last().isEqualTo("1000 enqueued, 1000 delivered, 1000 effects, 0 lost, 0 duplicated");
        assertThat(demo.out()).contains("0 attempts are charged", "kill -9", "exit code 137");
    }

    @Test
    void theTransportsLieUnderPluginsAndTheFakeOneIsNotActive() throws Exception {
        Result transports = bundle.run("transports", "--json");

        assertThat(transports.exitCode()).as(transports.out()).isZero();
        assertThat(transports.lines()).hasSize(3).allMatch(line -> line.contains("\"state\":\"READY\""));
        assertThat(transports.out()).contains("\"id\":\"http\"", "\"id\":\"p2p\"", "\"id\":\"ws\"");
        assertThat(names(bundle.home().resolve("lib"))).noneMatch(name -> name.contains("okhttp"));
        assertThat(names(bundle.home().resolve("plugins/http"))).anyMatch(name -> name.contains("okhttp"));
        assertThat(names(bundle.home().resolve("extras"))).anyMatch(name -> name.startsWith("transport-fake"));
    }

    @Test
    void everyKeyOfTheCommentedConfigurationIsKnown() throws Exception {
        List<String> keys = Files.readAllLines(bundle.home().resolve("conf/tidesync.properties")).stream()
                .filter(line -> line.matches("#[a-z]+\\..*=.*"))
                .map(line -> line.substring(1).replace("/etc/tidesync", directory.toString()))
                .toList();
        for (String name : List.of("outbox.key", "outbox-2025.key")) {
            byte[] key = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), 32);
            Files.writeString(directory.resolve(name), Base64.getEncoder().encodeToString(key));
        }
        Path config = Files.write(directory.resolve("all.properties"), keys);

        Process process = new ProcessBuilder(bundle.script().toString(), "stats", "--config", config.toString())
                .directory(directory.toFile()) // since outbox.url is relative
                .start();
        Result stats = Bundle.await(process, "");

        assertThat(keys).hasSizeGreaterThan(50);
        assertThat(stats.exitCode()).as(stats.err()).isZero();
    }

    @Test
    void theScriptWorksThroughLinksFromAnyDirectoryAndWithSpaces() throws Exception {
        Bundle spaced = Bundle.copyTo(directory.resolve("a b/tide sync"));
        Path link = Files.createSymbolicLink(directory.resolve("a link"), Path.of("a b/tide sync/bin/tidesync"));

        Process process = new ProcessBuilder(link.toString(), "--version")
                .directory(directory.toFile())
                .start();

        assertThat(Bundle.await(process, "").out()).startsWith("tidesync ");
        assertThat(spaced.run(ENQUEUE, "--data", directory + "/da ta", "--kind", "a.b", "--target", "x y")
                        .exitCode())
                .isZero();
    }

    @Test
    void classesComeFromAnArchiveThatTheFirstCommandMadeInTheUsersCache() throws Exception {
        Path cache = directory.resolve("cache");
        Path loaded = directory.resolve("loaded.txt");
        Map<String, String> first = Map.of("XDG_CACHE_HOME", cache.toString());
        Map<String, String> second =
                Map.of("XDG_CACHE_HOME", cache.toString(), "JAVA_OPTS", "-Xlog:class+load:file=" + loaded);

        assertThat(bundle.run(first, "", "stats", "--data", data()).err()).isEmpty();
        Result result = bundle.run(second, "", "stats", "--data", data());

        assertThat(result.err()).isEmpty();
        assertThat(names(cache.resolve("tidesync"))).singleElement().asString().endsWith(".jsa");
        assertThat(Files.readString(loaded)).contains("dev.tidesync.cli.Main source: shared objects file (top)");
    }

    @Test
    void withoutACacheItRunsAllTheSame() throws Exception {
        Result result = bundle.run(Map.of("XDG_CACHE_HOME", "/proc/nowhere"), "", "--version");

        assertThat(result.out()).startsWith("tidesync ");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aJavaThatIsMissingIsNamed() throws Exception {
        Result result = bundle.run(Map.of("JAVA_HOME", "/nowhere"), "", "--version");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("JAVA_HOME is '/nowhere'").hasLineCount(1);
    }

    @Test
    void argumentsAndOutputAreUtf8WhateverTheLocale() throws Exception {
        Map<String, String> posix = Map.of("LC_ALL", "", "LANG", "C");
        String id = bundle.run(
                        posix, "", ENQUEUE, "--data", data(), "--kind", "a.b", "--target", "t", "--payload", "grüße")
                .out()
                .trim();

        assertThat(bundle.run(posix, "", "show", id, "--data", data(), "--json").out())
                .contains("\"payload\":\"grüße\"");
    }

    @Test
    void whileRunHoldsTheOutboxOtherCommandsReachItAndASignalStopsItCleanly() throws Exception {
        Process run = bundle.start(List.of("run", "--data", data()), Map.of());
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(Path.of(data(), "control.json")));

            Result enqueued = bundle.run(
                    Map.of(),
                    "{\"id\":\"one\",\"kind\":\"a.b\",\"target\":\"t\"}\n",
                    ENQUEUE,
                    "--batch",
                    "-",
                    "--data",
                    data());
            Result second = bundle.run("run", "--data", data());

            assertThat(enqueued.out()).isEqualTo("one\n");
            assertThat(bundle.run("show", "one", "--data", data()).exitCode()).isZero();
            assertThat(bundle.run("cancel", "one", "--data", data()).exitCode()).isZero();
            assertThat(bundle.run("prune", "--older-than", "7d", "--status", "dead-letter", "--data", data())
                            .out())
                    .isEqualTo("0 forgotten: 0 delivered, 0 failed for good\n");
            assertThat(bundle.run("prune", "--older-than", "0s", "--status", "dead-letter", "--data", data())
                            .out())
                    .isEqualTo("1 forgotten: 0 delivered, 1 failed for good\n");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err()).contains("is in use by process " + run.pid() + " (tidesync run)");
        } finally {
            run.toHandle().destroy(); // unlike Process.destroy it leaves the output readable
        }
        assertThat(Bundle.await(run, "").exitCode()).isEqualTo(143);
        assertThat(Path.of(data(), "control.json")).doesNotExist();
        assertThat(bundle.run("stats", "--json", "--data", data()).out()).contains("\"total\":0");
        assertThat(bundle.run("run", "--until-empty", "--data", data()).exitCode())
                .isZero();
    }

    @Test
    void aKilledRunLeavesNothingInTheWay() throws Exception {
        Process run = bundle.start(List.of("run", "--data", data()), Map.of());
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(Path.of(data(), "control.json")));
        run.destroyForcibly().waitFor();

        assertThat(bundle.run(ENQUEUE, "--kind", "a.b", "--target", "t", "--data", data())
                        .exitCode())
                .isZero();
    }

    @Test
    void commandsThatMeetWaitForEachOther() throws Exception {
        List<Process> together = Stream.generate(
                        () -> List.of(ENQUEUE, "--kind", "a.b", "--target", "t", "--data", data()))
                .limit(4)
                .map(this::start)
                .toList();
        for (Process process : together) {
            assertThat(Bundle.await(process, "").exitCode()).isZero();
        }
        assertThat(bundle.run("stats", "--json", "--data", data()).out()).contains("\"pending\":4");
    }

    @Test
    void severalMistakesInTheSettingsAreNamedAtOnce() throws Exception {
        Result result = bundle.run(
                "run",
                "--data",
                data(),
                "--set",
                "retry.max-atempts=3",
                "--set",
                "http.base-ulr=x",
                "--set",
                "engine.idle-sleep=soon");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("max-attempts", "base-url", "engine.idle-sleep");
    }

    @Test
    void aTransportOfOnesOwnIsDroppedInAndDelivers() throws Exception {
        Bundle own = Bundle.copyTo(directory.resolve("bundle"));
        Path inbox = Files.createDirectory(directory.resolve("inbox"));
        String[] run = {"run", "--until-empty", "--data", data(), "--set", "transports.file.directory=" + inbox};
        own.run(ENQUEUE, "--kind", "file.append", "--target", "lines.txt", "--payload", "hello", "--data", data());
        assertThat(own.run("run", "--until-empty", "--data", data()).exitCode()).isEqualTo(4);

        CustomTransport.buildInto(own.home());
        Result delivered = own.run(run);

        assertThat(delivered.exitCode()).as(delivered.out() + delivered.err()).isZero();
        assertThat(Files.readString(inbox.resolve("lines.txt"))).endsWith("\taGVsbG8=\n");
        assertThat(own.run("transports", "--json", "--set", "transports.file.directory=" + inbox)
                        .out())
                .contains("\"id\":\"file\"");
    }

    @Test
    void transportsNamesASettingThatIsWrong() throws Exception {
        Result transports = bundle.run("transports", "--set", "http.base-url=ftp://api.example.com");

        assertThat(transports.exitCode()).isEqualTo(1);
        assertThat(transports.out())
                .contains("REJECTED", "http.base-url: expected an http or https URL", "mend them in the configuration");
    }

    @Test
    void aBrokenPluginIsReportedAndTheOthersRun() throws Exception {
        Bundle own = Bundle.copyTo(directory.resolve("bundle"));
        Files.writeString(own.home().resolve("plugins/broken.jar"), "this is no JAR");

        Result transports = own.run("transports", "--json");

        assertThat(transports.exitCode()).isEqualTo(1);
        assertThat(transports.out()).contains("broken.jar", "\"state\":\"READY\"");
    }

    private Process start(List<String> arguments) {
        try {
            return bundle.start(arguments, Map.of());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
