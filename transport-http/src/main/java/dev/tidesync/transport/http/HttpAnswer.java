package dev.tidesync.transport.http;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import okhttp3.Headers;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;

/** A receiver's answer, as far as it decides the outcome. Immutable. */
record HttpAnswer(int status, Headers headers, ProblemDetails problem) {

    /**
     * Reads an answer. The body is read only where it may explain a failure, and to the cap at most; a body that breaks
     * off or never ends does not change what the status has said.
     */
    static HttpAnswer read(Response response, int maxBodyBytes) {
        int status = NoFollowUps.statusOf(response);
        boolean explains = status >= 400 && isJson(response.header("Content-Type", ""));
        ProblemDetails problem =
                explains ? ProblemDetails.read(start(response.body().source(), maxBodyBytes)) : ProblemDetails.NONE;
        return new HttpAnswer(status, response.headers(), problem);
    }

    private static boolean isJson(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("application/json") || type.startsWith("application/problem+json");
    }

    private static byte[] start(BufferedSource body, int maxBytes) {
        Buffer start = new Buffer();
        try {
            while (start.size() < maxBytes && body.read(start, maxBytes - start.size()) != -1) {}
        } catch (IOException brokenOff) {
            // What came until then may still be whole enough to explain the status.
            return start.readByteArray();
        }
        return start.readByteArray();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean isSuccess() {
        return status >= 200 && status <= 299;
    }

    /** Whether the receiver says that it gave this very answer before, and so will give it again for this key. */
    boolean isReplay() {
        return header("Idempotent-Replayed").filter("true"::equalsIgnoreCase).isPresent();
    }

    /** Whether other credentials would be let in (RFC 6750 §3.1). */
    boolean lacksScope() {
        return header("WWW-Authenticate")
                .filter(challenge -> challenge.contains("insufficient_scope"))
                .isPresent();
    }
}
