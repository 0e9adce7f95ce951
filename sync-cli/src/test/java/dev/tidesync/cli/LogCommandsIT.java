package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at the log's files, and a stranger who reads them from the document alone. */
class LogCommandsIT {
    private static final Path READER = Path.of("..", "examples", "read-log", "read_outbox.py");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private CommandRig tidesync;

    @BeforeEach
    void anOutboxWithAHistory() {
        tidesync = new CommandRig(directory);
        String first = tidesync.enqueue("http.post", "https://api.example.com/a?token=secret", "--payload", "first");
        tidesync.enqueue("http.post", "https://api.example.com/b", "--id", "order-17", "--ordering-key", "orders");
        tidesync.enqueue("ws.send", "wss://api.example.com/", "--delay", "5m", "--payload", "ünïcode");
        assertThat(tidesync.run("cancel", first).exitCode()).isZero();
        assertThat(tidesync.run("cancel", "order-17").exitCode()).isZero();
        assertThat(tidesync.run("retry", "order-17").exitCode()).isZero();
    }

    @Test
    void verifyOfASoundLogSaysSo() throws IOException {
        List<String> before = files();

        CommandRig.Result result = tidesync.run("log", "verify");

        assertThat(result.exitCode()).isZero();
        assertThat(result.onlyLine()).matches("\\d+ segments, \\d+ bytes: sound");
        assertThat(result.err()).isEmpty();
        assertThat(files()).as("nothing was changed").isEqualTo(before);
    }

    @Test
    void verifyOfADamagedLogNamesThePlace() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("outbox-000001.log").toFile(), "rw")) {
            file.seek(1024 + 100);
            int intact = file.read();
            file.seek(1024 + 100);
            file.write(intact ^ 1);
        }

        CommandRig.Result result = tidesync.run("log", "verify");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("outbox-000001.log is damaged at offset");
        assertThat(result.onlyLine()).endsWith("1 damaged");
    }

    @Test
    void dumpShowsEachRecordWithoutPayloadsAndSecrets() {
        CommandRig.Result result = tidesync.run("log", "dump");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("outbox-000001.log       1024 ")
                .contains("Enqueued[operation=Operation{id=order-17, kind=http.post")
                .contains("Buried[id=order-17")
                .contains("Replayed[id=order-17")
                .doesNotContain("secret", "ünïcode");
        assertThat(tidesync.run("log", "dump", "--json").lines()).hasSameSizeAs(result.lines());
    }

    @Test
    void anEncryptedLogIsCheckedWithoutItsKeyAndReadWithIt() {
        CommandRig encrypted = new CommandRig(directory.resolve("encrypted"));
        String key = "outbox.encryption-key=" + "A".repeat(43) + "=";
        assertThat(encrypted
                        .run("--set", key, "enqueue", "--kind", "http.post", "--target", "/confidential")
                        .exitCode())
                .isZero();

        assertThat(encrypted.run("log", "verify").onlyLine()).endsWith(": sound");
        assertThat(encrypted.run("log", "dump").out())
                .contains("encrypted with key", "which was not given")
                .doesNotContain("confidential");
        assertThat(encrypted.run("--set", key, "log", "dump").out()).contains("Enqueued[operation=Operation{");
        assertThat(encrypted.run("--set", key, "list").out()).contains("/confidential");
        CommandRig.Result refused = encrypted.run("list");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(refused.err())
                .contains("is encrypted with key", "outbox.encryption-key")
                .hasLineCount(1);
        assertThat(directory.resolve("encrypted").resolve("outbox.json")).doesNotExist();
    }

    @Test
    void statsCountsRecordsByType() throws IOException {
        assertThat(tidesync.run("log", "stats").out())
                .containsPattern("Enqueued +3 ")
                .containsPattern("Buried +2 ");

        JsonNode stats = JSON.readTree(tidesync.run("log", "stats", "--json").onlyLine());
        assertThat(stats.path("Replayed").path("records").asInt()).isEqualTo(1);
        assertThat(stats.path("segments").path("bytes").asLong()).isPositive();
    }

    @Test
    void directoryWithoutALogIsSaidToBeOne() {
        CommandRig.Result missing = new CommandRig(directory.resolve("nowhere")).run("log", "verify");

        assertThat(missing.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(missing.err()).contains("there is no directory").contains("--data");
        assertThat(directory.resolve("nowhere")).doesNotExist();
        assertThat(tidesync.run("log", "verify", "--name", "inbox").err()).contains("there is no log 'inbox'");
    }

    @Test
    void strangerReadsTheSameFromTheDocumentAlone() throws Exception {
        assumeTrue(READER.toFile().exists() && hasPython(), "skipped: python3 is not installed");
        TreeMap<String, String> listed = new TreeMap<>();
        for (String status : List.of("pending", "permanent_failed")) {
            for (String line :
                    tidesync.run("list", "--status", status, "--json").lines()) {
                JsonNode operation = JSON.readTree(line);
                listed.put(operation.path("id").asText(), summary(operation));
            }
        }
        assertThat(listed).hasSize(3);

        List<String> lines = python(READER.toString(), directory.toString());

        TreeMap<String, String> read = new TreeMap<>();
        List<String> kinds = new ArrayList<>();
        for (String line : lines) {
            JsonNode operation = JSON.readTree(line);
            read.put(operation.path("id").asText(), summary(operation));
            kinds.add(operation.path("kind").asText());
        }
        assertThat(read).isEqualTo(listed);
        assertThat(kinds)
                .as("a replayed operation goes to the end")
                .containsExactly("http.post", "ws.send", "http.post");
        assertThat(Files.readAllLines(READER, StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(150);
    }

    private static String summary(JsonNode operation) {
        return Stream.of("kind", "target", "status", "attempt", "created_at_ms", "updated_at_ms", "last_error")
                .map(field -> field + "=" + operation.path(field).asText())
                .toList()
                .toString();
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    private static List<String> python(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3"));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output.lines().toList();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName() + " " + file.toFile().length())
                    .sorted()
                    .toList();
        }
    }
}
