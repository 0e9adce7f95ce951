package dev.tidesync.engine.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The content of an {@code outbox.json}, read the way Vix sync wrote it:
 * {@code {"version":1,"ops":{"<id>":{…}},"owners":{…}}}. Bad rows are left out and reported one by one.
 */
final class VixOutbox {
    /** 2001-01-01: Vix kept times of the steady clock, which counts from the last boot and is far below this. */
    private static final long EARLIEST_WALL_CLOCK_MS = 978_307_200_000L;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final long nowMs;
    private final Map<String, String> idsByKey = new HashMap<>();
    private final Map<String, Operation> operations = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private record Row(long writtenCreatedAtMs, Operation operation) {}

    private VixOutbox(long nowMs) {
        this.nowMs = nowMs;
    }

    /** Whether the document is the view that this store writes for people. */
    static boolean isView(JsonNode document) {
        return document.path("view").asBoolean(false);
    }

    /**
     * Reads the document, whether Vix sync wrote it or this store.
     *
     * @param where the file, for the message
     * @throws IOException if it is not JSON, or neither an outbox of version 1 nor a view of one
     */
    static JsonNode parse(byte[] json, String where) throws IOException {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JsonProcessingException damaged) {
            throw new IOException(
                    where + " is not an outbox: " + damaged.getOriginalMessage()
                            + damaged.getLocation().offsetDescription() + "; mend it or move it away",
                    damaged);
        }
        if (!isView(document)
                && (!document.path("ops").isObject() || document.path("version").asInt(1) != 1)) {
            throw new IOException(where + " is not an outbox: expected {\"version\":1,\"ops\":{…}}; move it away");
        }
        return document;
    }

    /** Reads all rows; {@code nowMs} stands in for times that cannot be wall-clock times. */
    static VixOutbox read(JsonNode document, long nowMs) {
        VixOutbox outbox = new VixOutbox(nowMs);
        document.path("ops").properties().forEach(row -> outbox.readRow(row.getKey(), row.getValue()));
        outbox.rows.sort(Comparator.comparingLong(Row::writtenCreatedAtMs));
        return outbox;
    }

    /** The good rows, oldest first. */
    List<Operation> operations() {
        return rows.stream().map(Row::operation).toList();
    }

    /** One sentence for each row that was left out. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private void readRow(String rowKey, JsonNode row) {
        try {
            Operation operation = toOperation(row.path("id").asText(rowKey), row);
            requireUnique(operation);
            operations.put(operation.id(), operation);
            rows.add(new Row(row.path("created_at_ms").asLong(0), operation));
        } catch (IllegalArgumentException bad) {
            problems.add("operation '" + rowKey + "' was not imported: " + bad.getMessage());
        }
    }

    private void requireUnique(Operation operation) {
        if (operations.containsKey(operation.id())) {
            throw new IllegalArgumentException("another row has the id '" + operation.id() + "' too");
        }
        String other = idsByKey.putIfAbsent(operation.idempotencyKey(), operation.id());
        if (other != null) {
            throw new IllegalArgumentException("operation '" + other + "' has the same idempotency key '"
                    + operation.idempotencyKey() + "', so a receiver would take it for the same");
        }
    }

    private Operation toOperation(String id, JsonNode row) {
        String idempotencyKey = row.path("idempotency_key").asText("");
        Operation intent = Operation.builder()
                .id(id)
                .kind(row.path("kind").asText(""))
                .target(row.path("target").asText(""))
                .payload(row.path("payload").asText(""))
                .idempotencyKey(idempotencyKey.isEmpty() ? id : idempotencyKey)
                .createdAtMs(wallClock(row, "created_at_ms"))
                .nextRetryAtMs(wallClock(row, "next_retry_at_ms"))
                .build();
        int attempt = row.path("attempt").asInt(0);
        return Operation.restore(intent)
                .status(status(row, attempt))
                .attempt(attempt)
                .updatedAtMs(wallClock(row, "updated_at_ms"))
                .lastError(row.path("last_error").asText(""))
                .build();
    }

    /** Whoever claimed an operation is gone, so what was in flight waits again. */
    private static OperationStatus status(JsonNode row, int attempt) {
        JsonNode code = row.path("status");
        if (!code.isMissingNode() && !code.isInt()) {
            throw new IllegalArgumentException("status must be a number from 0 to 4, was: " + code);
        }
        OperationStatus status = OperationStatus.ofCode(code.asInt(0));
        if (status != OperationStatus.IN_FLIGHT) {
            return status;
        }
        return attempt == 0 ? OperationStatus.PENDING : OperationStatus.FAILED;
    }

    private long wallClock(JsonNode row, String field) {
        long time = row.path(field).asLong(0);
        return time < EARLIEST_WALL_CLOCK_MS ? nowMs : time;
    }
}
