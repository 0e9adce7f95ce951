package dev.tidesync.transport.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidesync.api.Operation;
import dev.tidesync.transport.http.HttpIntent.BodyForm;
import java.io.IOException;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import okio.ByteString;

/**
 * The payload of an {@code http.request}: <code>{"method": "PUT", "headers": {"Name": "value"}, "body": "text"}</code>,
 * where {@code body_base64} may stand for {@code body}. A body that is not a string is sent as the JSON it is.
 */
final class RequestEnvelope {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Set<String> FIELDS = Set.of("method", "headers", "body", "body_base64");
    private static final Set<String> BODILESS_METHODS = Set.of("GET", "HEAD");
    /** They open a tunnel, or make a receiver repeat what credentials it was shown. */
    private static final Set<String> REFUSED_METHODS = Set.of("CONNECT", "TRACE");
    /** The outbox keeps these out of an operation's headers; a payload must not be a way around it. */
    private static final Set<String> CREDENTIAL_HEADERS = Set.of("authorization", "cookie", "proxy-authorization");

    private RequestEnvelope() {}

    /** Reads the payload; the envelope's headers replace those of the operation. */
    static HttpIntent read(Operation operation) throws UnsendableException {
        try {
            return read(JSON.readTree(operation.payload()), operation.headers());
        } catch (JsonProcessingException malformed) {
            // Its message may quote the payload; its place does not.
            throw refused("is not valid JSON at line " + malformed.getLocation().getLineNr() + ", column "
                    + malformed.getLocation().getColumnNr());
        } catch (IOException | IllegalArgumentException unusable) {
            throw refused(String.valueOf(unusable.getMessage()));
        }
    }

    private static UnsendableException refused(String problem) {
        return UnsendableException.permanent(
                "http.envelope",
                "the payload of http.request " + problem
                        + "; expected a JSON object with method, and headers, body or body_base64 if needed");
    }

    private static HttpIntent read(JsonNode envelope, Map<String, String> operationHeaders) {
        if (!envelope.isObject()) {
            throw new IllegalArgumentException("is not a JSON object");
        }
        refuseUnknownFields(envelope);
        String method = method(envelope);
        ByteString body = body(envelope);
        if (body.size() > 0 && BODILESS_METHODS.contains(method)) {
            throw new IllegalArgumentException("has a body, which a " + method + " cannot carry");
        }
        BodyForm form = envelope.has("body_base64") ? BodyForm.BYTES : BodyForm.UNKNOWN;
        return new HttpIntent(method, headers(envelope, operationHeaders), body, form);
    }

    private static void refuseUnknownFields(JsonNode envelope) {
        for (Iterator<String> names = envelope.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException("has the unknown field '" + name + "'");
            }
        }
    }

    private static String method(JsonNode envelope) {
        JsonNode method = envelope.path("method");
        if (!method.isTextual() || !method.textValue().matches("[A-Za-z-]{1,32}")) {
            throw new IllegalArgumentException("has no valid 'method'");
        }
        String name = method.textValue().toUpperCase(Locale.ROOT);
        if (REFUSED_METHODS.contains(name)) {
            throw new IllegalArgumentException("asks for " + name + ", which is never sent");
        }
        return name;
    }

    private static ByteString body(JsonNode envelope) {
        JsonNode text = envelope.path("body");
        JsonNode base64 = envelope.path("body_base64");
        if (!base64.isMissingNode() && !text.isMissingNode()) {
            throw new IllegalArgumentException("has both 'body' and 'body_base64'");
        }
        if (!base64.isMissingNode()) {
            return decoded(base64);
        }
        if (text.isMissingNode() || text.isNull()) {
            return ByteString.EMPTY;
        }
        return ByteString.encodeUtf8(text.isTextual() ? text.textValue() : text.toString());
    }

    private static ByteString decoded(JsonNode base64) {
        if (!base64.isTextual()) {
            throw new IllegalArgumentException("has a 'body_base64' that is not a string");
        }
        try {
            return ByteString.of(Base64.getDecoder().decode(base64.textValue()));
        } catch (IllegalArgumentException malformed) {
            // The cause quotes the payload.
            throw new IllegalArgumentException("has a 'body_base64' that is not Base64", malformed);
        }
    }

    private static Map<String, String> headers(JsonNode envelope, Map<String, String> operationHeaders) {
        JsonNode own = envelope.path("headers");
        if (!own.isMissingNode() && !own.isObject()) {
            throw new IllegalArgumentException("has 'headers' that are not an object of strings");
        }
        Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        merged.putAll(operationHeaders);
        own.properties().forEach(header -> merged.put(header.getKey(), value(header)));
        return new LinkedHashMap<>(merged);
    }

    private static String value(Map.Entry<String, JsonNode> header) {
        String name = header.getKey();
        if (CREDENTIAL_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "carries credentials in header '" + name + "', which would be stored; configure auth.type instead");
        }
        if (!header.getValue().isTextual()) {
            throw new IllegalArgumentException("has a header '" + name + "' whose value is not a string");
        }
        return header.getValue().textValue();
    }
}
