package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Taking over what Vix sync left behind. */
class VixImportIT {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void everyRowOfAVixOutboxIsTakenOver() throws IOException {
        writeVix(row("a", 0, ""), row("b", 2, ""), row("c", 3, "timeout"), row("d", 4, "rejected"));

        try (FileOutboxStore store = open()) {
            assertThat(report(store).imported()).isEqualTo(4);
            assertThat(report(store).problems()).isEmpty();
            Operation a = store.get("a").orElseThrow();
            assertThat(a.isPending()).isTrue();
            assertThat(a.kind()).isEqualTo("http.post");
            assertThat(a.target()).isEqualTo("/api/a");
            assertThat(a.payloadText()).isEqualTo("{\"id\":\"a\"}");
            assertThat(a.idempotencyKey()).isEqualTo("key-a");
            assertThat(a.createdAtMs()).isEqualTo(NOW - 5_000);
            assertThat(store.get("b").orElseThrow().isDone()).isTrue();
            assertThat(store.get("c").orElseThrow().isFailed()).isTrue();
            assertThat(store.get("c").orElseThrow().lastError()).isEqualTo("timeout");
            assertThat(store.get("d").orElseThrow().isPermanentFailed()).isTrue();
        }
    }

    @Test
    void importedOperationsSurviveTheNextOpening() throws IOException {
        writeVix(row("a", 3, "timeout"));
        Operation imported;
        try (FileOutboxStore store = open()) {
            imported = store.get("a").orElseThrow();
        }

        try (FileOutboxStore store = open()) {
            assertThat(store.importedOnOpen()).isEmpty();
            assertThat(store.get("a")).contains(imported);
        }
    }

    @Test
    void originalIsKept() throws IOException {
        writeVix(row("a", 0, ""));
        byte[] original = Files.readAllBytes(outbox());

        open().close();

        assertThat(Files.readAllBytes(directory.resolve("outbox.json.imported")))
                .isEqualTo(original);
        assertThat(Files.readString(outbox())).contains("\"view\":true");
    }

    @Test
    void claimsAreReleased() throws IOException {
        writeVix(row("a", 1, ""));

        try (FileOutboxStore store = open()) {
            assertThat(store.get("a").orElseThrow().isPending()).isTrue();
            assertThat(store.claim("a", "owner", NOW)).isTrue();
        }
    }

    @Test
    void steadyClockTimesBecomeThePresent() throws IOException {
        writeVix(row("a", 3, "timeout").replace(String.valueOf(NOW - 5_000), "86400000"));

        try (FileOutboxStore store = open()) {
            Operation a = store.get("a").orElseThrow();
            assertThat(a.createdAtMs()).isEqualTo(NOW);
            assertThat(a.updatedAtMs()).isEqualTo(NOW);
            assertThat(store.list(ListOptions.readyAt(NOW))).hasSize(1);
        }
    }

    @Test
    void badRowsAreReportedOneByOneAndGoodOnesKept() throws IOException {
        writeVix(
                row("good", 0, ""),
                row("status-9", 9, ""),
                row("no-kind", 0, "").replace("http.post", ""),
                row("same-key", 0, "").replace("key-same-key", "key-good"));

        try (FileOutboxStore store = open()) {
            ImportReport report = report(store);
            assertThat(report.imported()).isEqualTo(1);
            assertThat(report.problems())
                    .hasSize(3)
                    .anyMatch(problem -> problem.contains("'status-9'") && problem.contains("0 to 4"))
                    .anyMatch(problem -> problem.contains("'no-kind'") && problem.contains("kind"))
                    .anyMatch(problem -> problem.contains("'same-key'") && problem.contains("'good'"));
            assertThat(store.get("good")).isPresent();
            assertThat(store.get("status-9")).isEmpty();
        }
    }

    @Test
    void operationsAreOrderedByTheirAge() throws IOException {
        String older = row("z", 0, "").replace(String.valueOf(NOW - 5_000), String.valueOf(NOW - 9_000));
        writeVix(row("a", 0, ""), older);

        try (FileOutboxStore store = open()) {
            assertThat(store.list(ListOptions.readyAt(NOW)))
                    .extracting(Operation::id)
                    .containsExactly("z", "a");
        }
    }

    @Test
    void importThatACrashInterruptedGoesOn() throws IOException {
        writeVix(row("a", 0, ""), row("b", 0, ""));
        Path setAside = directory.resolve("outbox.json.importing");
        try (FileOutboxStore store = open()) {
            store.claim("a", "owner", NOW);
            store.markDone("a", NOW);
        }
        Files.move(directory.resolve("outbox.json.imported"), setAside);

        try (FileOutboxStore store = open()) {
            assertThat(report(store).imported()).isZero();
            assertThat(report(store).alreadyThere()).isEqualTo(2);
            assertThat(store.get("a").orElseThrow().isDone()).isTrue();
            assertThat(setAside).doesNotExist();
        }
    }

    @Test
    void damagedFileIsAnErrorAndStaysUntouched() throws IOException {
        assertRefusedAndUntouched("{\"version\":1,\"ops\":{\"a\":{\"id\":");
    }

    @Test
    void emptyFileIsAnErrorAndStaysUntouched() throws IOException {
        assertRefusedAndUntouched("");
    }

    @Test
    void foreignFileIsAnErrorAndStaysUntouched() throws IOException {
        assertRefusedAndUntouched("{\"name\":\"something\",\"dependencies\":{}}");
    }

    private void assertRefusedAndUntouched(String content) throws IOException {
        Files.writeString(outbox(), content);

        assertThatThrownBy(this::open)
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("outbox.json is not an outbox");

        assertThat(Files.readString(outbox())).isEqualTo(content);
        assertThat(directory.resolve("outbox.json.importing")).doesNotExist();
    }

    @Test
    void openStoreTakesOverAFileFromElsewhere() throws IOException {
        Path elsewhere = directory.resolve("vix.json");
        Files.writeString(elsewhere, vix(row("a", 0, ""), row("b", 0, "")));
        try (FileOutboxStore store = open()) {
            store.importVix(elsewhere);

            ImportReport again = store.importVix(elsewhere);

            assertThat(again).isEqualTo(new ImportReport(0, 2, List.of()));
            assertThat(store.list(ListOptions.readyAt(NOW))).hasSize(2);
        }
        assertThat(elsewhere).exists();
    }

    @Test
    void viewOfAnotherOutboxIsRefused() throws IOException {
        Path view = Files.writeString(directory.resolve("view.json"), "{\"version\":1,\"view\":true,\"ops\":{}}");
        try (FileOutboxStore store = open()) {
            assertThatThrownBy(() -> store.importVix(view))
                    .isInstanceOf(OutboxStoreException.class)
                    .hasMessageContaining("it is the view of an outbox");
        }
    }

    @Test
    void fileThatIsNotThereIsAnError() {
        try (FileOutboxStore store = open()) {
            assertThatThrownBy(() -> store.importVix(directory.resolve("nothing.json")))
                    .isInstanceOf(OutboxStoreException.class)
                    .hasMessageContaining("nothing.json");
        }
    }

    private static ImportReport report(FileOutboxStore store) {
        return store.importedOnOpen().orElseThrow();
    }

    private Path outbox() {
        return directory.resolve("outbox.json");
    }

    private FileOutboxStore open() {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(outbox())
                .clock(InstantSource.fixed(Instant.ofEpochMilli(NOW)))
                .build());
    }

    private void writeVix(String... rows) throws IOException {
        Files.writeString(outbox(), vix(rows));
    }

    private static String vix(String... rows) {
        return "{\"ops\":{" + String.join(",", rows) + "},\"owners\":{\"a\":\"dead-process\"},\"version\":1}";
    }

    private static String row(String id, int status, String error) {
        return """
                "ID":{"attempt":0,"created_at_ms":TIME,"id":"ID","idempotency_key":"key-ID","kind":"http.post",
                "last_error":"ERROR","next_retry_at_ms":TIME,"payload":"{\\"id\\":\\"ID\\"}","status":STATUS,
                "target":"/api/ID","updated_at_ms":TIME}""".replace("ID", id)
                .replace("TIME", String.valueOf(NOW - 5_000))
                .replace("STATUS", String.valueOf(status))
                .replace("ERROR", error);
    }
}
