package dev.tidesync.transport.ws.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.api.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * The sub-protocol {@code json.reliable.webpubsub.azure.v1}: JSON messages with an {@code ackId}, answered by success,
 * a named error, or {@code Duplicate}.
 *
 * <pre>{@code
 * -> {"type":"event","event":"operation","ackId":7,"dataType":"json","data":{…the operation…}}
 * <- {"type":"ack","ackId":7,"success":true}
 * <- {"type":"ack","ackId":7,"success":false,"error":{"name":"Duplicate","message":"…"}}
 * }</pre>
 *
 * <p>Two extensions that other servers need not know: an error may carry {@code retryAfterMs}, and the acknowledgement
 * of an event named {@code request} may carry {@code data}, the answer. Source: MicrosoftDocs/azure-docs,
 * {@code reference-json-reliable-webpubsub-subprotocol.md}.
 */
public final class JsonReliableDialect implements WsDialect {
    /** Acknowledgements are flat; deeper nesting is an attack or a mistake. */
    private static final int DEEPEST_NESTING = 32;

    private static final long LONGEST_WAIT_MS = Duration.ofDays(1).toMillis();

    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST_NESTING)
                            .build())
                    .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    @Override
    public String subProtocol() {
        return "json.reliable.webpubsub.azure.v1";
    }

    /** None: simple servers say nothing after the handshake, so nothing is waited for. */
    @Override
    public Optional<WsFrame> greeting(String host, Optional<WsLogin> login) {
        return Optional.empty();
    }

    @Override
    public boolean answersRequests() {
        return true;
    }

    @Override
    public WsFrame encode(Operation operation, String address, long ackId) {
        ByteArrayOutputStream message =
                new ByteArrayOutputStream(512 + operation.payloadBuffer().remaining());
        try (JsonGenerator json = JSON.createGenerator(message)) {
            json.writeStartObject();
            json.writeStringField("type", "event");
            json.writeStringField("event", operation.kind().equals("ws.request") ? "request" : "operation");
            json.writeNumberField("ackId", ackId);
            json.writeStringField("dataType", "json");
            json.writeObjectFieldStart("data");
            writeOperation(json, operation);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory cannot fail", impossible);
        }
        return WsFrame.utf8(message.toByteArray());
    }

    private static void writeOperation(JsonGenerator json, Operation operation) throws IOException {
        json.writeStringField("id", operation.id());
        json.writeStringField("kind", operation.kind());
        json.writeStringField("target", operation.target());
        writePayload(json, operation);
        json.writeStringField("idempotency_key", operation.idempotencyKey());
        json.writeNumberField("created_at_ms", operation.createdAtMs());
        json.writeNumberField("attempt", operation.attempt());
        if (operation.expiresAtMs() > 0) {
            json.writeNumberField("expires_at_ms", operation.expiresAtMs());
        }
        if (!operation.orderingKey().isEmpty()) {
            json.writeStringField("ordering_key", operation.orderingKey());
        }
        writeHeaders(json, operation);
    }

    private static void writePayload(JsonGenerator json, Operation operation) throws IOException {
        Optional<String> text = PayloadText.of(operation);
        if (text.isPresent()) {
            json.writeStringField("payload", text.get());
        } else {
            json.writeBinaryField("payload_base64", operation.payload());
        }
    }

    private static void writeHeaders(JsonGenerator json, Operation operation) throws IOException {
        if (operation.headers().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("headers");
        for (var header : operation.headers().entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
    }

    @Override
    public WsEvent decode(byte[] message) {
        JsonNode root;
        try (JsonParser parser = JSON.createParser(message)) {
            root = JSON.readTree(parser);
        } catch (IOException malformed) {
            return new WsEvent.Ignored("not a JSON message");
        }
        if (root == null || !root.path("type").asText().equals("ack")) {
            return new WsEvent.Ignored("not an acknowledgement");
        }
        return root.path("ackId").canConvertToLong() && root.path("success").isBoolean()
                ? acknowledgement(root)
                : new WsEvent.Ignored("an acknowledgement without ackId or success");
    }

    private static WsEvent acknowledgement(JsonNode ack) {
        long ackId = ack.path("ackId").longValue();
        if (ack.path("success").booleanValue()) {
            return new WsEvent.Accepted(ackId, answer(ack.path("data")));
        }
        JsonNode error = ack.path("error");
        return new WsEvent.Refused(
                ackId, error.path("name").asText(), error.path("message").asText(), wait(error.path("retryAfterMs")));
    }

    private static String answer(JsonNode data) {
        if (data.isMissingNode()) {
            return "";
        }
        return data.isTextual() ? data.textValue() : data.toString();
    }

    private static Optional<Duration> wait(JsonNode retryAfterMs) {
        return retryAfterMs.canConvertToLong() && retryAfterMs.longValue() >= 0
                ? Optional.of(Duration.ofMillis(Math.min(retryAfterMs.longValue(), LONGEST_WAIT_MS)))
                : Optional.empty();
    }
}
