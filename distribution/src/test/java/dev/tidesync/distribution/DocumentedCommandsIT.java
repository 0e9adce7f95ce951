package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.distribution.Bundle.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs every command of the documents, as it is written and in the order it is written, each document in a directory of
 * its own. A receiver on this machine stands where they name a host, and an operation's id where they write one in
 * part.
 */
@Timeout(300)
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final String HOST = "https://api.example.com";
    private static final String SOME_ID = "019a…";

    /** What cannot be run here, and why. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "mvn archetype:generate -DarchetypeGroupId=dev.tidesync -DarchetypeArtifactId=transport-archetype"
                    + " -DarchetypeVersion=0.1.0-SNAPSHOT -DgroupId=org.acme -DartifactId=acme-spool"
                    + " -Dpackage=org.acme.spool -Did=spool -DclassName=Spool",
            "needs the archetype in a repository; ArchetypeIT makes the same project from it",
            "cd acme-spool && mvn package",
            "needs sync-api in a repository; ArchetypeIT compiles and tests the project",
            "cp target/acme-spool-1.0.0.jar /path/to/tidesync/plugins/",
            "is done by ArchetypeIT",
            "bin/tidesync demo",
            "is run by BundleIT, which checks its figures; './tidesync demo' is run here",
            "./mvnw verify",
            "is the build that this test is part of",
            "./mvnw -pl sync-api test -Dtest=PublicApiTest -Dapi.update=true",
            "would write the API down as it is, whatever that is",
            "./mvnw -q -DskipTests -DskipITs package",
            "would build the bundle anew under the tests that use it",
            "java -Dlogback.configurationFile=distribution/target/tidesync-0.1.0-SNAPSHOT/conf/logback.xml -cp"
                    + " 'benchmarks/target/classes:distribution/target/tidesync-0.1.0-SNAPSHOT/lib/*:distribution/target/tidesync-0.1.0-SNAPSHOT/plugins/http/*:distribution/target/tidesync-0.1.0-SNAPSHOT/plugins/p2p/*:distribution/target/tidesync-0.1.0-SNAPSHOT/plugins/ws/*:distribution/target/tidesync-0.1.0-SNAPSHOT/extras/*'"
                    + " dev.tidesync.benchmarks.Benchmarks /a/directory/on/the/disk/to/measure",
            "measures a disk for minutes");

    /** What goes on until Ctrl-C. */
    private static final Set<String> UNTIL_INTERRUPTED = Set.of("tidesync run", "bin/tidesync run");

    @TempDir
    Path directory;

    private Bundle bundle = Bundle.assembled();
    private LoopbackReceiver receiver;

    @BeforeEach
    void startTheReceiver() throws IOException {
        receiver = LoopbackReceiver.start();
    }

    @AfterEach
    void stopTheReceiver() {
        receiver.close();
    }

    @TestFactory
    Stream<DynamicContainer> worksAsWritten() throws IOException {
        bundle = Bundle.copyTo(directory.resolve("installed"));
        List<DynamicContainer> documents = new ArrayList<>();
        for (Path page : pages()) {
            List<DocumentedCommand> commands = DocumentedCommand.in(page).stream()
                    .filter(command -> !NOT_RUN.containsKey(command.text()))
                    .toList();
            if (!commands.isEmpty()) {
                documents.add(DynamicContainer.dynamicContainer(
                        ROOT.relativize(page).toString(), tests(commands, scratchFor(page))));
            }
        }
        return documents.stream();
    }

    private Stream<DynamicTest> tests(List<DocumentedCommand> commands, Path scratch) {
        return commands.stream()
                .map(command -> DynamicTest.dynamicTest(
                        command.line() + ": " + command.text(), () -> run(command.text(), scratch)));
    }

    @Test
    void everyCommandThatIsNotRunStandsInADocument() throws IOException {
        List<String> documented = new ArrayList<>();
        for (Path page : pages()) {
            DocumentedCommand.in(page).forEach(command -> documented.add(command.text()));
        }

        assertThat(documented).containsAll(NOT_RUN.keySet()).containsAll(UNTIL_INTERRUPTED);
        assertThat(documented.size()).isGreaterThan(NOT_RUN.size() + 15);
    }

    @Test
    void commandsAreTakenApartAsAShellWouldAndCommentsLeftOut() throws IOException {
        Path page = Files.writeString(directory.resolve("page.md"), """
                ```sh
                tidesync stats; tidesync show 'a;b # c'   # both
                tidesync \\
                  list
                ```
                """);

        assertThat(DocumentedCommand.in(page))
                .containsExactly(
                        new DocumentedCommand(2, "tidesync stats"),
                        new DocumentedCommand(2, "tidesync show 'a;b # c'"),
                        new DocumentedCommand(3, "tidesync list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "bash"})
    void aCommandInABlockThatIsNotRunIsRefused(String language) throws IOException {
        Path page = Files.writeString(directory.resolve("page.md"), "```" + language + "\ntidesync stats\n```\n");

        assertThatThrownBy(() -> DocumentedCommand.in(page))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("page.md:2", "begin it with '```sh'");
    }

    private static List<Path> pages() throws IOException {
        Stream<Path> others = Stream.of(
                        "README.md", "CONTRIBUTING.md", "SECURITY.md", "distribution/src/main/bundle/README.md")
                .map(name -> ROOT.resolve(name));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                            others,
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    /**
     * Where one document's commands run, laid out as an unpacked bundle and as a checkout whose bundle is built, so
     * that {@code bin/tidesync} and {@code ./tidesync} are the real scripts.
     */
    private Path scratchFor(Path page) throws IOException {
        Path scratch = Files.createDirectories(
                directory.resolve(ROOT.relativize(page).toString().replace('/', '-')));
        Path target = scratch.resolve("distribution/target");
        Path built = Files.createDirectories(target.resolve("tidesync-built"));
        for (Path bin : List.of(scratch.resolve("bin"), built.resolve("bin"))) {
            Files.createSymbolicLink(bin, bundle.home().resolve("bin"));
        }
        Files.copy(ROOT.resolve("tidesync"), scratch.resolve("tidesync"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(target.resolve(".bundle-is-built"));
        Files.writeString(
                scratch.resolve("operations.ndjson"),
                "{\"kind\":\"http.post\",\"target\":\"" + receiver.baseUrl() + "/batch\",\"payload\":\"first\"}\n"
                        + "{\"kind\":\"http.put\",\"target\":\"" + receiver.baseUrl()
                        + "/batch\",\"payload\":\"second\"}\n");
        return scratch;
    }

    private void run(String documented, Path scratch) throws Exception {
        String command = documented.replace(HOST, receiver.baseUrl());
        assertThat(command)
                .as("a host that nobody stands in for")
                .doesNotContain("://api.", "example.com", "example.org");
        if (command.contains(SOME_ID)) {
            command = command.replace(SOME_ID, idFor(command, scratch));
        }
        if (UNTIL_INTERRUPTED.contains(documented)) {
            runUntilItHasDelivered(command, scratch);
        } else {
            Result result = Bundle.await(start(command, scratch), "");
            assertThat(result.exitCode())
                    .as(command + "\n" + result.out() + result.err())
                    .isZero();
        }
    }

    /**
     * An operation of the kind that the command is for: one that was given up to retry, one that waits for the rest.
     */
    private String idFor(String command, Path scratch) throws Exception {
        String id = succeed(
                        "tidesync enqueue --kind http.post --target " + receiver.baseUrl() + "/later --delay 1h",
                        scratch)
                .strip();
        if (command.startsWith("tidesync retry ")) {
            succeed("tidesync cancel " + id, scratch);
        }
        return id;
    }

    private String succeed(String command, Path scratch) throws Exception {
        Result result = Bundle.await(start(command, scratch), "");
        assertThat(result.exitCode()).as(command + "\n" + result.err()).isZero();
        return result.out();
    }

    private void runUntilItHasDelivered(String command, Path scratch) throws Exception {
        int before = receiver.keys().size();
        Process process = start("exec " + command, scratch);
        await().atMost(Duration.ofSeconds(60)).until(() -> receiver.keys().size() > before);
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();

        assertThat(Bundle.await(process, "").exitCode()).as(command).isEqualTo(130);
    }

    private Process start(String command, Path scratch) throws IOException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", command).directory(scratch.toFile());
        shell.environment().merge("PATH", bundle.home().resolve("bin").toString(), (path, bin) -> bin + ":" + path);
        return shell.start();
    }
}
