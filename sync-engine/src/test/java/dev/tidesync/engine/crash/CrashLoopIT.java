package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that enqueues and delivers, over and over on one outbox, and checks what it had said.
 * {@code -Dcrash.kills=N} sets how often, {@code -Dcrash.seed=N} repeats a run's choices.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class CrashLoopIT {
    private static final int KILLS = Integer.getInteger("crash.kills", 40);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int CHECK_EVERY = 20;

    @TempDir
    Path directory;

    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();

    @Test
    void whatWasAcknowledgedIsThereAfterEveryKill() throws Exception {
        Random random = new Random(SEED);
        for (int life = 1; life <= KILLS; life++) {
            killAfter(1 + random.nextInt(150), life);
            if (life % CHECK_EVERY == 0 || life == KILLS) {
                checkEverythingSaid(life);
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(KILLS);
        assertThat(sent).isNotEmpty();
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
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashingProcess.class.getName(),
                        outboxFile().toString(),
                        "life" + life)
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
        } else if (line.startsWith("SEND ")) {
            sent.add(line.substring(5));
        } else {
            throw new AssertionError("the process said something else: " + line);
        }
    }

    private void checkEverythingSaid(int life) {
        try (FileOutboxStore store = FileOutboxStore.open(
                FileOutboxStore.Config.builder().filePath(outboxFile()).build())) {
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
