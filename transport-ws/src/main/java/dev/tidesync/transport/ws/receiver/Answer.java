package dev.tidesync.transport.ws.receiver;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.spi.InboxResult;

/** What a receiver says in {@code json.reliable.webpubsub.azure.v1}. */
final class Answer {
    private static final JsonMapper JSON = new JsonMapper();

    private Answer() {}

    /** The first message on a connection; stock clients of the protocol wait for it. */
    static String connected(String origin, String connectionId) {
        return JSON.createObjectNode()
                .put("type", "system")
                .put("event", "connected")
                .put("userId", origin)
                .put("connectionId", connectionId)
                .toString();
    }

    static String pong() {
        return JSON.createObjectNode().put("type", "pong").toString();
    }

    /** What the inbox said. */
    static String of(long ackId, InboxResult result) {
        return switch (result.outcome()) {
            case ACCEPTED -> acknowledgement(ackId, true).toString();
            case DUPLICATE -> error(ackId, "Duplicate", "").toString();
            case CONFLICT ->
                error(ackId, "InvalidIdempotencyKey", result.reason()).toString();
            case TOO_OLD -> error(ackId, "InvalidCreationTime", result.reason()).toString();
            case INVALID -> badRequest(ackId, result.reason());
            case BUSY -> busy(ackId, result.reason(), result.retryAfter().toMillis());
        };
    }

    static String badRequest(long ackId, String why) {
        return error(ackId, "BadRequest", why).toString();
    }

    static String busy(long ackId, String why, long retryAfterMs) {
        ObjectNode answer = error(ackId, "TooManyRequests", why);
        answer.withObject("error").put("retryAfterMs", retryAfterMs);
        return answer.toString();
    }

    /** Our disk failed: whether the operation is kept is not known. */
    static String unavailable(long ackId) {
        return error(ackId, "ServiceUnavailable", "the receiver cannot store operations")
                .toString();
    }

    private static ObjectNode error(long ackId, String name, String message) {
        ObjectNode answer = acknowledgement(ackId, false);
        answer.putObject("error").put("name", name).put("message", message);
        return answer;
    }

    private static ObjectNode acknowledgement(long ackId, boolean success) {
        return JSON.createObjectNode().put("type", "ack").put("ackId", ackId).put("success", success);
    }
}
