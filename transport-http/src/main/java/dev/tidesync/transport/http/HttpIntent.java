package dev.tidesync.transport.http;

import dev.tidesync.api.Operation;
import java.util.Map;
import okio.ByteString;

/** What an operation asks for: a method, headers of its own and a body. Immutable. */
record HttpIntent(String method, Map<String, String> headers, ByteString body, BodyForm bodyForm) {
    /** What is known of a body beside its bytes. */
    enum BodyForm {
        /** Nothing: what it looks like decides its content type. */
        UNKNOWN,
        /** It was given as bytes, so it is sent as such whatever it looks like. */
        BYTES
    }

    /** Reads an operation: the last segment of its kind says how. */
    static HttpIntent of(Operation operation) throws UnsendableException {
        String kind = operation.kind();
        return switch (kind.substring(kind.lastIndexOf('.') + 1)) {
            case "get" -> withoutBody("GET", operation);
            case "post" -> withBody("POST", operation);
            case "put" -> withBody("PUT", operation);
            case "patch" -> withBody("PATCH", operation);
            case "delete" -> withBody("DELETE", operation);
            case "request" -> RequestEnvelope.read(operation);
            default ->
                throw UnsendableException.permanent(
                        "http.kind",
                        "kind '" + kind + "' is not one of this transport's; expected http.get, http.post, http.put,"
                                + " http.patch, http.delete or http.request");
        };
    }

    private static HttpIntent withoutBody(String method, Operation operation) throws UnsendableException {
        if (operation.payloadSize() > 0) {
            throw UnsendableException.permanent(
                    "http.body", "a " + method + " carries no body; put the payload into the URL's query");
        }
        return withBody(method, operation);
    }

    private static HttpIntent withBody(String method, Operation operation) {
        return new HttpIntent(method, operation.headers(), ByteString.of(operation.payloadBuffer()), BodyForm.UNKNOWN);
    }
}
