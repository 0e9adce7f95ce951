package dev.tidesync.engine.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the JSON that a person reads to see how the outbox stands:
 *
 * <pre>{@code
 * {"version":1,"view":true,"generated_at_ms":…,"counts":{"pending":…},"ops":{"<id>":{…}},"owners":{"<id>":"<owner>"}}
 * }</pre>
 *
 * Above {@value #MAX_OPERATIONS} operations it holds a hint in place of {@code ops} and {@code owners}. Long payloads
 * are left out, and all once {@value #MAX_PAYLOAD_BYTES_IN_ALL} bytes of them have been written, so that refreshing the
 * view stays cheap.
 */
final class OutboxView {
    static final int MAX_OPERATIONS = 10_000;
    private static final int MAX_PAYLOAD_BYTES = 64 * 1024;
    private static final long MAX_PAYLOAD_BYTES_IN_ALL = 16L * 1024 * 1024;

    /** The operations of a view, read one at a time while it is written. */
    interface Source {
        /** Empty if it was forgotten meanwhile. */
        Optional<Operation> read(EntryState state) throws IOException;
    }

    private final JsonGenerator json;
    private long payloadBytes;

    private OutboxView(JsonGenerator json) {
        this.json = json;
    }

    /** Writes the view and closes the stream. */
    static void write(OutputStream out, OutboxSnapshot snapshot, Source source, boolean pretty) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            if (pretty) {
                json.setPrettyPrinter(new DefaultPrettyPrinter());
            }
            new OutboxView(json).write(snapshot, source);
        }
    }

    private void write(OutboxSnapshot snapshot, Source source) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", 1);
        json.writeBooleanField("view", true);
        json.writeNumberField("generated_at_ms", snapshot.takenAtMs());
        writeCounts(snapshot.counts());
        if (snapshot.complete()) {
            writeOperations(snapshot, source);
            writeOwners(snapshot);
        } else {
            json.writeStringField(
                    "hint", "more than " + MAX_OPERATIONS + " operations; `tidesync list` shows them page by page");
        }
        json.writeEndObject();
    }

    private void writeCounts(Map<OperationStatus, Long> counts) throws IOException {
        json.writeObjectFieldStart("counts");
        for (Map.Entry<OperationStatus, Long> count : counts.entrySet()) {
            json.writeNumberField(count.getKey().name().toLowerCase(Locale.ROOT), count.getValue());
        }
        json.writeEndObject();
    }

    private void writeOperations(OutboxSnapshot snapshot, Source source) throws IOException {
        json.writeObjectFieldStart("ops");
        for (EntryState state : snapshot.operations()) {
            Optional<Operation> operation = source.read(state);
            if (operation.isPresent()) {
                json.writeObjectFieldStart(state.id());
                writeOperation(operation.get());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private void writeOperation(Operation operation) throws IOException {
        json.writeStringField("id", operation.id());
        json.writeStringField("kind", operation.kind());
        json.writeStringField("target", operation.target());
        writePayload(operation);
        json.writeStringField("idempotency_key", operation.idempotencyKey());
        json.writeNumberField("created_at_ms", operation.createdAtMs());
        json.writeNumberField("updated_at_ms", operation.updatedAtMs());
        json.writeNumberField("attempt", operation.attempt());
        json.writeNumberField("next_retry_at_ms", operation.nextRetryAtMs());
        json.writeNumberField("status", operation.status().code());
        json.writeStringField("status_name", operation.status().name());
        json.writeStringField("last_error", operation.lastError());
        writeAdditions(operation);
    }

    private void writePayload(Operation operation) throws IOException {
        payloadBytes += operation.payloadSize();
        if (operation.payloadSize() > MAX_PAYLOAD_BYTES || payloadBytes > MAX_PAYLOAD_BYTES_IN_ALL) {
            json.writeNumberField("payload_omitted_bytes", operation.payloadSize());
            return;
        }
        try {
            json.writeStringField(
                    "payload",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(operation.payloadBuffer())
                            .toString());
        } catch (CharacterCodingException binary) {
            json.writeBinaryField("payload_base64", operation.payload());
        }
    }

    private void writeAdditions(Operation operation) throws IOException {
        if (!operation.headers().isEmpty()) {
            json.writeObjectFieldStart("headers");
            for (Map.Entry<String, String> header : operation.headers().entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
        }
        if (!operation.orderingKey().isEmpty()) {
            json.writeStringField("ordering_key", operation.orderingKey());
        }
        if (operation.expiresAtMs() > 0) {
            json.writeNumberField("expires_at_ms", operation.expiresAtMs());
        }
    }

    private void writeOwners(OutboxSnapshot snapshot) throws IOException {
        json.writeObjectFieldStart("owners");
        for (EntryState state : snapshot.operations()) {
            if (!state.claimOwner().isEmpty()) {
                json.writeStringField(state.id(), state.claimOwner());
            }
        }
        json.writeEndObject();
    }
}
