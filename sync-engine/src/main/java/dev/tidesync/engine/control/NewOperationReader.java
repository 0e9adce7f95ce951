package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidesync.api.Operation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Reads one new operation from its JSON form, strictly, and finds everything that is wrong with it at once. */
final class NewOperationReader {
    private final JsonNode json;
    private final Operation.Builder operation = Operation.builder();
    private final List<String> problems = new ArrayList<>();

    private NewOperationReader(JsonNode json) {
        this.json = json;
    }

    /**
     * The operation that the JSON object describes.
     *
     * @throws IllegalArgumentException if it is not one; names every problem
     */
    static Operation read(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("expected a JSON object but was " + typeOf(json));
        }
        return new NewOperationReader(json).read();
    }

    private Operation read() {
        json.fieldNames()
                .forEachRemaining(field -> OperationFields.problemWith(field).ifPresent(problems::add));
        operation.id(text(OperationFields.ID));
        operation.kind(requiredText(OperationFields.KIND));
        operation.target(requiredText(OperationFields.TARGET));
        operation.idempotencyKey(text(OperationFields.IDEMPOTENCY_KEY));
        operation.orderingKey(text(OperationFields.ORDERING_KEY));
        operation.expiresAtMs(time(OperationFields.EXPIRES_AT_MS));
        operation.nextRetryAtMs(time(OperationFields.NEXT_RETRY_AT_MS));
        readHeaders();
        readPayload();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return operation.build();
    }

    private String text(String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() ? "" : textOf("field '" + field + "'", value);
    }

    private String requiredText(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || (value.isTextual() && value.textValue().isBlank())) {
            problems.add("field '" + field + "' is required and must not be empty");
            return "";
        }
        return text(field);
    }

    private String textOf(String what, JsonNode value) {
        if (!value.isTextual()) {
            problems.add(what + " must be text but was " + typeOf(value));
            return "";
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value.textValue())) {
            problems.add(what + " has half a surrogate pair, which UTF-8 cannot carry");
            return "";
        }
        return value.textValue();
    }

    private long time(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            problems.add("field '" + field + "' must be milliseconds since 1970, a whole number");
            return 0;
        }
        return value.longValue();
    }

    private void readHeaders() {
        JsonNode headers = json.path(OperationFields.HEADERS);
        if (headers.isObject()) {
            headers.properties()
                    .forEach(header -> operation.header(
                            header.getKey(), textOf("header '" + header.getKey() + "'", header.getValue())));
        } else if (!headers.isMissingNode()) {
            problems.add("field 'headers' must be an object of texts but was " + typeOf(headers));
        }
    }

    private void readPayload() {
        if (json.has(OperationFields.PAYLOAD) && json.has(OperationFields.PAYLOAD_BASE64)) {
            problems.add("'payload' and 'payload_base64' exclude each other; keep one");
        } else if (json.has(OperationFields.PAYLOAD_BASE64)) {
            operation.payload(decoded(text(OperationFields.PAYLOAD_BASE64)));
        } else {
            operation.payload(text(OperationFields.PAYLOAD));
        }
    }

    private byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException notBase64) {
            problems.add("field 'payload_base64' is not base64: " + notBase64.getMessage());
            return new byte[0];
        }
    }

    private static String typeOf(JsonNode value) {
        return "a JSON " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
