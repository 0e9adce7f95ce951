package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.ReceivedOperation;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One flat JSON object (RFC 8259) on one line, for programs that read what a command prints. */
final class JsonLine {
    private final StringBuilder fields = new StringBuilder();

    /** What arrived: a payload that is not UTF-8 comes as {@code payload_base64}. */
    static JsonLine of(ReceivedOperation received) {
        Operation operation = received.operation();
        JsonLine line = new JsonLine()
                .put("origin", received.origin())
                .put("id", operation.id())
                .put("kind", operation.kind())
                .put("idempotency_key", operation.idempotencyKey());
        try {
            return line.put(
                    "payload",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(operation.payloadBuffer())
                            .toString());
        } catch (CharacterCodingException binary) {
            return line.put("payload_base64", Base64.getEncoder().encodeToString(operation.payload()));
        }
    }

    JsonLine put(String name, String value) {
        fields.append(fields.isEmpty() ? "" : ",").append('"').append(name).append("\":\"");
        value.chars().forEach(this::append);
        fields.append('"');
        return this;
    }

    private void append(int c) {
        if (c == '"' || c == '\\') {
            fields.append('\\').append((char) c);
        } else if (c < ' ' || c == 0x7f) {
            fields.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
        } else {
            fields.append((char) c);
        }
    }

    @Override
    public String toString() {
        return "{" + fields + "}";
    }
}
