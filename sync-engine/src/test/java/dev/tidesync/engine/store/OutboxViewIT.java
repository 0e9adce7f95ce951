package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.api.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outbox.json that a person opens. */
class OutboxViewIT {
    private static final long T0 = 1_700_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void viewShowsEveryOperationWithTheNamesOfTheOriginal() throws IOException {
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a").header("Content-Type", "text/plain").orderingKey("lane"));
            store.claim("a", "owner-1", T0);
            store.markFailed("a", "connection refused", T0 + 1, T0 + 501);
        }

        JsonNode view = view();
        JsonNode a = view.path("ops").path("a");
        assertThat(view.path("version").asInt()).isEqualTo(1);
        assertThat(view.path("view").asBoolean()).isTrue();
        assertThat(view.path("counts").path("failed").asInt()).isEqualTo(1);
        assertThat(a.path("id").asText()).isEqualTo("a");
        assertThat(a.path("kind").asText()).isEqualTo("http.post");
        assertThat(a.path("target").asText()).isEqualTo("/api/a");
        assertThat(a.path("payload").asText()).isEqualTo("payload ü of a");
        assertThat(a.path("idempotency_key").asText()).isEqualTo("key-a");
        assertThat(a.path("created_at_ms").asLong()).isEqualTo(T0);
        assertThat(a.path("updated_at_ms").asLong()).isEqualTo(T0 + 1);
        assertThat(a.path("attempt").asInt()).isEqualTo(1);
        assertThat(a.path("next_retry_at_ms").asLong()).isEqualTo(T0 + 501);
        assertThat(a.path("status").asInt()).isEqualTo(3);
        assertThat(a.path("status_name").asText()).isEqualTo("FAILED");
        assertThat(a.path("last_error").asText()).isEqualTo("connection refused");
        assertThat(a.path("headers").path("Content-Type").asText()).isEqualTo("text/plain");
        assertThat(a.path("ordering_key").asText()).isEqualTo("lane");
    }

    @Test
    void viewNamesTheOwnersOfWhatIsInFlight() throws IOException {
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a"));
            store.claim("a", "owner-1", T0);
        }

        assertThat(view().path("owners").path("a").asText()).isEqualTo("owner-1");
    }

    @Test
    void binaryPayloadIsShownAsBase64() throws IOException {
        byte[] binary = {(byte) 0xff, 0, 1};
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a").payload(binary));
        }

        JsonNode a = view().path("ops").path("a");
        assertThat(a.has("payload")).isFalse();
        assertThat(a.path("payload_base64").binaryValue()).isEqualTo(binary);
    }

    @Test
    void longPayloadIsLeftOut() throws IOException {
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a").payload(new byte[1 << 20]));
        }

        assertThat(view().path("ops").path("a").path("payload_omitted_bytes").asInt())
                .isEqualTo(1 << 20);
    }

    @Test
    void operationsStandInTheOrderOfEnqueue() throws IOException {
        List<String> ids =
                IntStream.range(0, 50).mapToObj(i -> "op-" + i * 37 % 50).toList();
        try (FileOutboxStore store = open(false)) {
            ids.forEach(id -> put(store, operation(id)));
            store.claim("op-37", "owner", T0);
            store.markDone("op-37", T0);
        }

        List<String> shown = new ArrayList<>();
        view().path("ops").fieldNames().forEachRemaining(shown::add);
        assertThat(shown).isEqualTo(ids);
    }

    @Test
    void prettyViewIsIndented() throws IOException {
        open(true).close();

        assertThat(Files.readString(directory.resolve("outbox.json"))).contains("\n  \"version\" : 1");
    }

    @Test
    void viewIsRefreshedWhenThingsAreQuiet() {
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a"));

            await().ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(
                                    view().path("ops").path("a").path("status").asInt(-1))
                            .isZero());
        }
    }

    @Test
    void tooManyOperationsAreCountedOnly() throws IOException {
        try (FileOutboxStore store = open(false)) {
            store.putAll(IntStream.range(0, 10_001)
                    .mapToObj(i -> operation("op-" + i).build())
                    .toList());
        }

        JsonNode view = view();
        assertThat(view.path("counts").path("pending").asInt()).isEqualTo(10_001);
        assertThat(view.has("ops")).isFalse();
        assertThat(view.path("hint").asText()).contains("tidesync list");
    }

    @Test
    void viewIsNeverReadBack() throws IOException {
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a"));
        }
        Files.writeString(directory.resolve("outbox.json"), "{\"version\":1,\"view\":true,\"ops\":{}}");

        try (FileOutboxStore store = open(false)) {
            assertThat(store.get("a")).isPresent();
        }
    }

    @Test
    void viewWithoutItsLogIsKeptAsideAndNotImported() throws IOException {
        Path view = directory.resolve("outbox.json");
        Files.writeString(
                view, "{\"version\":1,\"view\":true,\"ops\":{\"a\":{\"id\":\"a\",\"kind\":\"k.x\",\"target\":\"t\"}}}");

        try (FileOutboxStore store = open(false)) {
            assertThat(store.get("a")).isEmpty();
        }

        assertThat(Files.readString(directory.resolve("outbox.json.orphaned"))).contains("\"a\"");
    }

    @Test
    void viewThatCannotBeWrittenHarmsNothing() throws IOException {
        Files.createDirectories(directory.resolve("outbox.json.tmp").resolve("in the way"));
        try (FileOutboxStore store = open(false)) {
            put(store, operation("a"));
        }

        try (FileOutboxStore store = open(false)) {
            assertThat(store.get("a")).isPresent();
        }
    }

    private FileOutboxStore open(boolean pretty) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .prettyJson(pretty)
                .build());
    }

    private JsonNode view() throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(directory.resolve("outbox.json").toFile());
    }

    private static Operation.Builder operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("http.post")
                .target("/api/" + id)
                .payload("payload ü of " + id)
                .idempotencyKey("key-" + id)
                .createdAtMs(T0);
    }

    private static void put(FileOutboxStore store, Operation.Builder builder) {
        store.put(Operation.restore(builder.build()).updatedAtMs(T0).build());
    }
}
