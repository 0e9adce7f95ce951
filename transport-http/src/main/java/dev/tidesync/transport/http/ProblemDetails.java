package dev.tidesync.transport.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a receiver says of an error in JSON: problem details (RFC 9457), or the {@code error} object that several APIs
 * use. Only what names the kind of the error is kept; details may quote the request and are not.
 */
record ProblemDetails(String title, boolean namesIdempotency) {
    static final ProblemDetails NONE = new ProblemDetails("", false);

    private static final JsonMapper JSON = new JsonMapper();

    /** Reads a body, which may be cut off; one that is not such JSON says nothing. */
    static ProblemDetails read(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            JsonNode problem = root.path("error").isObject() ? root.path("error") : root;
            return new ProblemDetails(problem.path("title").asText(""), namesIdempotency(problem));
        } catch (IOException notJson) {
            return NONE;
        }
    }

    private static boolean namesIdempotency(JsonNode problem) {
        return Stream.of("type", "title", "code")
                .map(name -> problem.path(name).asText("").toLowerCase(Locale.ROOT))
                .anyMatch(text -> text.contains("idempoten"));
    }
}
