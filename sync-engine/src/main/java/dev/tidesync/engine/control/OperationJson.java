package dev.tidesync.engine.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of operations that commands print and read: field names in snake_case, times in milliseconds, the
 * status by name, the payload as text or, where it is no UTF-8, as {@code payload_base64}.
 *
 * <p>Safe for use by many threads.
 */
public final class OperationJson {
    /** The longest line that is read: a payload of 32 MiB in base64, and room to spare. */
    public static final int MAX_LINE_BYTES = 48 * 1024 * 1024;

    static final JsonMapper MAPPER = mapper();

    private OperationJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        mapper.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(MAX_LINE_BYTES)
                        .build());
        return mapper;
    }

    /**
     * Reads a new operation: only what is fixed at enqueue, and {@code next_retry_at_ms} for a delay.
     *
     * @param line one JSON object in UTF-8
     * @throws IllegalArgumentException if it is not one; names every problem, never the payload
     */
    public static Operation readNew(byte[] line) {
        return NewOperationReader.read(parse(line));
    }

    static JsonNode parse(byte[] line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException malformed) {
            int column = malformed.getLocation() == null
                    ? 0
                    : malformed.getLocation().getColumnNr();
            throw new IllegalArgumentException(
                    "not valid JSON at column " + column + ": " + firstLine(malformed.getOriginalMessage()), malformed);
        } catch (IOException notUtf8) {
            throw new IllegalArgumentException("not valid JSON: " + firstLine(notUtf8.toString()), notUtf8);
        }
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    /** The whole operation, lifecycle included, for a person or a program that reads the outbox. */
    public static ObjectNode write(Operation operation) {
        ObjectNode json = writeIntent(operation, asText(operation));
        json.put(OperationFields.STATUS, operation.status().name());
        json.put(OperationFields.ATTEMPT, operation.attempt());
        json.put(OperationFields.CREATED_AT_MS, operation.createdAtMs());
        json.put(OperationFields.UPDATED_AT_MS, operation.updatedAtMs());
        json.put(OperationFields.LAST_ERROR, operation.lastError());
        if (!operation.answer().isEmpty()) {
            json.put(OperationFields.ANSWER, operation.answer());
        }
        return json;
    }

    /** What is fixed at enqueue, and the due time: the form that {@link #readNew} reads. */
    static ObjectNode writeNew(Operation operation) {
        return writeIntent(operation, null);
    }

    private static ObjectNode writeIntent(Operation operation, @Nullable String payloadText) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put(OperationFields.ID, operation.id());
        json.put(OperationFields.KIND, operation.kind());
        json.put(OperationFields.TARGET, operation.target());
        if (payloadText == null) {
            json.put(OperationFields.PAYLOAD_BASE64, operation.payload());
        } else {
            json.put(OperationFields.PAYLOAD, payloadText);
        }
        ObjectNode headers = json.putObject(OperationFields.HEADERS);
        operation.headers().forEach(headers::put);
        json.put(OperationFields.IDEMPOTENCY_KEY, operation.idempotencyKey());
        json.put(OperationFields.ORDERING_KEY, operation.orderingKey());
        json.put(OperationFields.EXPIRES_AT_MS, operation.expiresAtMs());
        json.put(OperationFields.NEXT_RETRY_AT_MS, operation.nextRetryAtMs());
        return json;
    }

    private static @Nullable String asText(Operation operation) {
        try {
            ByteBuffer payload = operation.payloadBuffer();
            return StandardCharsets.UTF_8.newDecoder().decode(payload).toString();
        } catch (CharacterCodingException binary) {
            return null;
        }
    }

    /** Reads back what {@link #write} wrote. */
    static Operation read(ObjectNode json) {
        ObjectNode intent = json.deepCopy();
        OperationStatus status =
                OperationStatus.valueOf(intent.remove(OperationFields.STATUS).textValue());
        int attempt = intent.remove(OperationFields.ATTEMPT).intValue();
        long createdAtMs = intent.remove(OperationFields.CREATED_AT_MS).longValue();
        long updatedAtMs = intent.remove(OperationFields.UPDATED_AT_MS).longValue();
        String lastError = intent.remove(OperationFields.LAST_ERROR).textValue();
        JsonNode answer = intent.remove(OperationFields.ANSWER);
        return Operation.restore(NewOperationReader.read(intent))
                .status(status)
                .attempt(attempt)
                .createdAtMs(createdAtMs)
                .updatedAtMs(updatedAtMs)
                .lastError(lastError)
                .answer(answer == null ? "" : answer.textValue())
                .build();
    }
}
