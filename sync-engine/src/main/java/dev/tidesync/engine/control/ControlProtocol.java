package dev.tidesync.engine.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The words of the control protocol: one JSON object a line, requests answered in order.
 *
 * <pre>
 * → {"tidesync_control":1}                          the client's version
 * ← {"tidesync_control":1,"pid":4711,"holder":"…"}  the server's, or an error if it cannot serve the client
 * → {"do":"CANCEL","id":"0190…"}                    a request
 * ← {"ok":{}}                                       its answer, or {"error":{"kind":"REFUSED","message":"…"}}
 * </pre>
 */
final class ControlProtocol {
    /** Rises when a request changes its meaning; a new request does not raise it. */
    static final int VERSION = 1;

    static final String VERSION_FIELD = "tidesync_control";
    static final String PID = "pid";
    static final String HOLDER = "holder";

    static final String DO = "do";
    static final String OK = "ok";
    static final String ERROR = "error";
    static final String KIND = "kind";
    static final String MESSAGE = "message";

    private static final String UNKNOWN_REQUEST = "unknown request";

    private ControlProtocol() {}

    /** What a request asks for. */
    enum Request {
        ENQUEUE,
        FIND,
        PAGE,
        COUNTS,
        REPLAY,
        CANCEL,
        PRUNE,
        IMPORT,
        REPLAY_ALL,
        PRUNE_DEAD_LETTERS,
        EXPLAIN,
        ENGINE
    }

    /** The kinds of failure that keep their Java type on the way through the socket. */
    enum Failure {
        BAD_REQUEST,
        UNKNOWN_OPERATION,
        REFUSED,
        STORE;

        static Failure of(RuntimeException failure) {
            if (failure instanceof IllegalArgumentException) {
                return BAD_REQUEST;
            }
            if (failure instanceof NoSuchElementException) {
                return UNKNOWN_OPERATION;
            }
            return failure instanceof IllegalStateException ? REFUSED : STORE;
        }

        RuntimeException toException(String message) {
            return switch (this) {
                case BAD_REQUEST -> new IllegalArgumentException(message);
                case UNKNOWN_OPERATION -> new NoSuchElementException(message);
                case REFUSED -> new IllegalStateException(message);
                case STORE -> new OutboxStoreException(message);
            };
        }
    }

    static ObjectNode hello() {
        return OperationJson.MAPPER.createObjectNode().put(VERSION_FIELD, VERSION);
    }

    static ObjectNode request(Request request) {
        return OperationJson.MAPPER.createObjectNode().put(DO, request.name());
    }

    static ObjectNode ok(JsonNode result) {
        ObjectNode answer = OperationJson.MAPPER.createObjectNode();
        answer.set(OK, result);
        return answer;
    }

    static ObjectNode error(RuntimeException failure) {
        ObjectNode answer = OperationJson.MAPPER.createObjectNode();
        answer.putObject(ERROR)
                .put(KIND, Failure.of(failure).name())
                .put(MESSAGE, String.valueOf(failure.getMessage()));
        return answer;
    }

    /**
     * The answer to a request that the server does not know; its words are the protocol's, for clients to tell it by.
     */
    static IllegalArgumentException unknownRequest(String name) {
        return new IllegalArgumentException(UNKNOWN_REQUEST + " '" + name + "'; known: " + List.of(Request.values()));
    }

    static boolean isUnknownRequest(IllegalArgumentException refused) {
        return String.valueOf(refused.getMessage()).startsWith(UNKNOWN_REQUEST);
    }

    static void writeLine(OutputStream out, JsonNode message) throws IOException {
        out.write(OperationJson.MAPPER.writeValueAsBytes(message));
        out.write('\n');
        out.flush();
    }
}
