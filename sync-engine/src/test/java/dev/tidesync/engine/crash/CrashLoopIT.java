package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.simulation.ReliabilityLedger;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that enqueues and delivers, over and over on one outbox, and checks what it had said.
 * {@code -Dcrash.kills=N} sets how often, {@code -Dcrash.seed=N} repeats a run's choices.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class CrashLoopIT {
    private static final int KILLS = Integer.getInteger("crash.kills", 40);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int CHECK_EVERY = 20;

    @TempDir
    Path directory;

    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final Set<String> delivered = new HashSet<>();
    private int acknowledgements;
    private boolean tidying;

    @Test
    void whatWasAcknowledgedIsThereAfterEveryKill() throws Exception {
        noted("kill -9", KILLS, 150);
        assertThat(delivered).isNotEmpty();
    }

    /** Delivered operations may have been forgotten, all others must be there. */
    @Test
    void whatWasNotDeliveredIsThereWhereverACompactionIsKilled() throws Exception {
        tidying = true;

        noted("kill -9 in compactions", KILLS / 2, 5_000);

        assertThat(filesOfTheLog())
                .as("files of the log, of which the oldest must be gone; seed %d", SEED)
                .isNotEmpty()
                .noneMatch(file -> file.endsWith("-000001.log"));
    }

    private List<String> filesOfTheLog() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".log"))
                    .toList();
        }
    }

    private void noted(String part, long kills, int maxLines) throws Exception {
        ReliabilityLedger.note(part, Map.of("kills", kills), () -> killOverAndOver(kills, maxLines));
    }

    private int killOverAndOver(long kills, int maxLines) throws Exception {
        Random random = new Random(SEED);
        for (int life = 1; life <= kills; life++) {
            killAfter(1 + random.nextInt(maxLines), life);
            if (life % CHECK_EVERY == 0 || life == kills) {
                checkEverythingSaid(life);
            }
        }
        assertThat(acknowledgements).as("acknowledged in all, seed %d", SEED).isGreaterThan(Math.toIntExact(kills));
        assertThat(sent).isNotEmpty();
        return acknowledgements;
    }

    private void killAfter(int lines, int life) throws Exception {
        Process process = start(life);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < lines; i++) {
                String line = output.readLine();
                assertThat(line)
                        .as("life %d of seed %d ended by itself, see its standard error", life, SEED)
                        .isNotNull();
                note(line);
            }
            process.toHandle().destroyForcibly(); // the process itself would close its output with it
            noteRest(output);
        }
        process.waitFor();
    }

    private Process start(int life) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingProcess.class.getName(),
                outboxFile().toString(),
                "life" + life));
        if (tidying) {
            command.add("tidying");
        }
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Only a line that is whole was said: what the kill cut off may or may not have happened. */
    private void noteRest(BufferedReader output) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = output.read(); c >= 0; c = output.read()) {
            if (c == '\n') {
                note(line.toString());
                line.setLength(0);
            } else {
                line.append((char) c);
            }
        }
    }

    private void note(String line) {
        if (line.startsWith("ACK ")) {
            acknowledged.add(line.substring(4));
            acknowledgements++;
        } else if (line.startsWith("SEND ")) {
            sent.add(line.substring(5));
        } else if (line.startsWith("DELIVERED ")) {
            delivered.add(line.substring(10));
        } else {
            throw new AssertionError("the process said something else: " + line);
        }
    }

    private void checkEverythingSaid(int life) {
        try (FileOutboxStore store = FileOutboxStore.open(
                FileOutboxStore.Config.builder().filePath(outboxFile()).build())) {
            if (tidying) {
                acknowledged.removeIf(
                        id -> delivered.contains(id) && store.get(id).isEmpty());
                sent.removeIf(id -> delivered.contains(id) && store.get(id).isEmpty());
            }
            for (String id : acknowledged) {
                assertThat(store.get(id))
                        .as("%s, acknowledged, after kill %d of seed %d", id, life, SEED)
                        .hasValueSatisfying(kept -> assertIntact(kept, id));
            }
            for (String id : sent) {
                assertThat(store.get(id))
                        .as("%s, sent, so it had to be durable; seed %d", id, SEED)
                        .isPresent();
            }
        }
    }

    private static void assertIntact(Operation kept, String id) {
        assertThat(kept.payload()).as("payload of %s", id).isEqualTo(CrashingProcess.payloadOf(id));
        assertThat(kept.isPermanentFailed())
                .as("%s was given up on: %s", id, kept.lastError())
                .isFalse();
    }

    private Path outboxFile() {
        return directory.resolve("outbox.json");
    }
}
