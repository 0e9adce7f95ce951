package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.distribution.Bundle.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are really full and really read-only, under the real command. */
@Timeout(300)
class DiskFaultIT {
    private static final int MORE_THAN_FIT = 6_000;

    @TempDir
    Path directory;

    @TempDir
    Path outside;

    private final Bundle bundle = Bundle.assembled();

    @Test
    void aFullDiskRefusesWhatIsNewAndDeliversWhatWasAcknowledged() throws Exception {
        Path batch = batch();
        try (Mount disk = mounted(Mount.smallDisk(directory, 2));
                LoopbackReceiver receiver = LoopbackReceiver.start()) {
            Result enqueued = tidesync(disk, "enqueue", "--batch", batch.toString());

            assertThat(enqueued.exitCode()).isEqualTo(1);
            assertThat(lastLine(enqueued.err()))
                    .startsWith("tidesync: from line " + (enqueued.lines().size() + 1))
                    .contains(
                            "takes nothing new, since its disk is full", "No space left on device", "free some space");
            assertThat(enqueued.lines()).hasSizeBetween(500, MORE_THAN_FIT);
            fillUp(disk);
            assertThat(tidesync(disk, "enqueue", "--kind", "http.post", "--target", "/x"))
                    .as("an enqueue on a full disk")
                    .matches(result -> result.exitCode() == 1 && result.out().isEmpty())
                    .matches(result -> result.err().contains("free some space on this disk"));
            assertThat(tidesync(disk, "stats", "--json").out())
                    .contains("\"pending\":" + enqueued.lines().size() + ",");

            Result run = tidesync(disk, "run", "--until-empty", "--set", "http.base-url=" + receiver.baseUrl());

            assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
            assertThat(receiver.keys()).containsExactlyInAnyOrderElementsOf(enqueued.lines());
        }
    }

    @Test
    void aRunWhoseDiskFillsUpGoesOnAndTakesInAgainWhatThereIsRoomFor() throws Exception {
        Path batch = batch();
        try (Mount disk = mounted(Mount.smallDisk(directory, 2));
                LoopbackReceiver receiver = LoopbackReceiver.start()) {
            Process run = disk.start(command(
                    "run", "--set", "http.base-url=" + receiver.baseUrl(), "--set", "outbox.retain-done-for=0s"));
            awaitOwner(disk);
            fillUp(disk);

            Result enqueued = tidesync(disk, "enqueue", "--batch", batch.toString());
            assertThat(enqueued.exitCode()).isEqualTo(1);
            assertThat(enqueued.err()).contains("No space left on device");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(receiver.keys()).containsAll(enqueued.lines()));

            assertThat(disk.run("rm", directory.resolve("ballast").toString()).exitCode())
                    .isZero();
            Result late = tidesync(disk, "enqueue", "--kind", "http.post", "--target", "/late");
            assertThat(late.exitCode()).as(late.err()).isZero();
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(receiver.keys()).contains(late.out().trim()));
            run.toHandle().destroy(); // the process itself would close its output with it
            assertThat(Bundle.await(run, "").exitCode()).isEqualTo(143);
        }
    }

    /** Somebody else takes what room is left. */
    private void fillUp(Mount disk) throws Exception {
        disk.run("dd", "if=/dev/zero", "of=" + directory.resolve("ballast"), "bs=4k");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamedEvenToRoot() throws Exception {
        tidesync("enqueue", "--kind", "http.post", "--target", "/x");
        try (Mount disk = mounted(Mount.readOnly(directory))) {
            for (String[] command : new String[][] {
                {"stats"}, {"enqueue", "--kind", "http.post", "--target", "/y"}, {"run", "--until-empty"}
            }) {
                Result result = tidesync(disk, command);

                assertThat(result.exitCode()).as(command[0]).isEqualTo(1);
                assertThat(result.err())
                        .as(command[0])
                        .contains(data(), "Read-only file system", "mount it writable, or use another directory")
                        .hasLineCount(1);
            }
        }
        assertThat(tidesync("stats", "--json").out()).contains("\"pending\":1,");
    }

    @Test
    void outputToAFullDeviceIsAFailure() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "skipped: there is no /dev/full");

        Process process = new ProcessBuilder(command("stats"))
                .redirectOutput(full.toFile())
                .start();
        Result result = Bundle.await(process, "");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("the output could not be written").hasLineCount(1);
    }

    private static Mount mounted(Optional<Mount> mount) {
        assumeTrue(mount.isPresent(), "skipped: neither 'unshare -rm' nor 'unshare -m' lets this user mount here");
        return mount.orElseThrow();
    }

    private Path batch() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < MORE_THAN_FIT; i++) {
            lines.add("{\"id\":\"op-" + i + "\",\"idempotency_key\":\"op-" + i
                    + "\",\"kind\":\"http.post\",\"target\":\"/x\",\"payload\":\"" + "x".repeat(600) + "\"}");
        }
        return Files.write(outside.resolve("batch.ndjson"), lines);
    }

    private void awaitOwner(Mount disk) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> disk.run("test", "-e", data() + "/control.json").exitCode() == 0);
    }

    private Result tidesync(String... arguments) throws Exception {
        return Bundle.await(new ProcessBuilder(command(arguments)).start(), "");
    }

    private Result tidesync(Mount disk, String... arguments) throws Exception {
        return disk.run(command(arguments));
    }

    private String[] command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(bundle.script().toString(), "--data", data()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private static String lastLine(String text) {
        return text.lines().reduce("", (before, line) -> line);
    }
}
