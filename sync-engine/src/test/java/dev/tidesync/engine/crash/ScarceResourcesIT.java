package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.engine.store.FileOutboxStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs out of what the operating system and Java give it loses nothing that it acknowledged. */
@Timeout(180)
class ScarceResourcesIT {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final int PROCESS_SECONDS = 90;

    @TempDir
    Path directory;

    @Test
    void withoutFileHandlesTheLogGoesOnInTheFileItHas() throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "skipped: a shell is needed to limit the handles of a process");

        List<String> lines = run(List.of(SHELL.toString(), "-c", "ulimit -n 64 && exec \"$0\" \"$@\""), "handles");

        assertThat(lines)
                .contains("ACK scarce-199", "ACK after-199", "PENDING 401")
                .last()
                .isEqualTo("END");
        assertKept(lines);
    }

    @Test
    void withoutMemoryTheStoreRefusesEverythingUntilItIsOpenedAgain() throws Exception {
        List<String> lines = run(List.of(), "memory", "-XX:MaxDirectMemorySize=1m");

        assertThat(lines)
                .contains("REFUSED TAKES_NO_MORE", "END")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("FAILED TAKES_NO_MORE outbox ")
                        .contains("give Java more memory (-XX:MaxDirectMemorySize)", "what was acknowledged is kept"));
        assertKept(lines);
    }

    private void assertKept(List<String> lines) {
        List<String> acknowledged = lines.stream()
                .filter(line -> line.startsWith("ACK "))
                .map(line -> line.substring(4))
                .toList();
        try (FileOutboxStore store = FileOutboxStore.open(
                FileOutboxStore.Config.builder().filePath(outboxFile()).build())) {
            assertThat(store.recovery().damages()).isEmpty();
            assertThat(acknowledged)
                    .isNotEmpty()
                    .allSatisfy(id -> assertThat(store.get(id))
                            .as(id)
                            .hasValueSatisfying(
                                    kept -> assertThat(kept.payload()).isEqualTo(CrashingProcess.payloadOf(id))));
        }
    }

    private List<String> run(List<String> prefix, String mode, String... javaOptions) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(javaOptions));
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ScarceResourcesProcess.class.getName(),
                mode,
                outboxFile().toString()));
        Path output = directory.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PROCESS_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        List<String> said =
                lines.stream().filter(line -> !line.startsWith("ACK ")).toList();
        assertThat(ended).as("the process hung; it said %s", said).isTrue();
        assertThat(process.exitValue()).as("exit code; it said %s", said).isZero();
        return lines;
    }

    private Path outboxFile() {
        return directory.resolve("data").resolve("outbox.json");
    }
}
