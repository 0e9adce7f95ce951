package dev.tidesync.transport.ws.receiver;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.api.Operation;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads what senders say in {@code json.reliable.webpubsub.azure.v1}. Whatever a message is, it becomes a
 * {@link Message}; none throws.
 */
final class MessageReader {
    /** An operation's payload is a text or base64, so nothing is deeper than this. */
    private static final int DEEPEST_NESTING = 32;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_NESTING)
                            .maxStringLength(Integer.MAX_VALUE) // the longest message is limited before this
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private MessageReader() {}

    static Message read(String text) {
        JsonNode root;
        try (JsonParser parser = JSON.createParser(text)) {
            root = JSON.readTree(parser);
        } catch (IOException malformed) {
            return new Message.Unusable(OptionalLong.empty(), "the message is not JSON");
        }
        if (root == null || !root.isObject()) {
            return new Message.Unusable(OptionalLong.empty(), "the message is no JSON object");
        }
        String type = root.path("type").asText();
        return switch (type) {
            case "ping" -> new Message.Ping();
            case "event" -> event(root);
            default -> unusable(root, "only messages of type event are taken here");
        };
    }

    private static Message event(JsonNode root) {
        OptionalLong ackId = ackId(root);
        if (ackId.isEmpty()) {
            return unusable(root, "an event must have an ackId, a number of 0 or more");
        }
        JsonNode data = root.path("data");
        if (!data.isObject()) {
            return unusable(root, "data must be an operation, a JSON object");
        }
        try {
            return new Message.Event(ackId.getAsLong(), operation(data));
        } catch (IllegalArgumentException | IOException wrong) {
            return unusable(root, "data is no operation: " + wrong.getMessage());
        }
    }

    private static Operation operation(JsonNode data) throws IOException {
        Operation.Builder operation = Operation.builder()
                .id(text(data, "id"))
                .kind(text(data, "kind"))
                .target(text(data, "target"))
                .idempotencyKey(text(data, "idempotency_key"))
                .orderingKey(text(data, "ordering_key"))
                .createdAtMs(number(data, "created_at_ms"))
                .expiresAtMs(number(data, "expires_at_ms"));
        if (data.has("payload_base64")) {
            operation.payload(base64(data.path("payload_base64")));
        } else {
            operation.payload(text(data, "payload"));
        }
        JsonNode headers = data.path("headers");
        if (!headers.isMissingNode() && !headers.isObject()) {
            throw new IllegalArgumentException("headers must be an object");
        }
        for (var header : headers.properties()) {
            operation.header(header.getKey(), text(headers, header.getKey()));
        }
        return operation.build();
    }

    private static String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw new IllegalArgumentException(field + " must be a text");
        }
        return value.asText("");
    }

    private static long number(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToLong())) {
            throw new IllegalArgumentException(field + " must be a whole number");
        }
        return value.asLong(0);
    }

    private static byte[] base64(JsonNode value) throws IOException {
        if (!value.isTextual()) {
            throw new IllegalArgumentException("payload_base64 must be a text");
        }
        return value.binaryValue();
    }

    private static Message unusable(JsonNode root, String why) {
        return new Message.Unusable(ackId(root), why);
    }

    private static OptionalLong ackId(JsonNode root) {
        JsonNode ackId = root.path("ackId");
        return ackId.isIntegralNumber() && ackId.canConvertToLong() && ackId.longValue() >= 0
                ? OptionalLong.of(ackId.longValue())
                : OptionalLong.empty();
    }
}
