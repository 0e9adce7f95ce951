package dev.tidesync.transport.p2p.wire;

import dev.tidesync.api.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Frames as CBOR maps. On the wire each follows its length, 4 bytes big-endian:
 *
 * <pre>
 * {t:"hello", v, node, name, agent, max_frame, window, window_bytes}
 * {t:"op", ack_id, op:{id, kind, target, payload, headers, idempotency_key, ordering_key, created_at_ms, expires_at_ms}}
 * {t:"ack", ack_id, error?:{name, message, retry_after_ms}}
 * {t:"ping"}   {t:"pong"}   {t:"bye", reason, message}
 * </pre>
 *
 * Fields that a reader does not know are passed over; a type that it does not know ends the connection.
 */
public final class FrameCodec {
    private FrameCodec() {}

    /** A frame's bytes, without their length. */
    public static byte[] encode(Frame frame) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (frame instanceof Frame.Hello hello) {
            write(map, hello);
        } else if (frame instanceof Frame.Op op) {
            map.put("t", "op");
            map.put("ack_id", op.ackId());
            map.put("op", map(op.operation()));
        } else if (frame instanceof Frame.Ack ack) {
            map.put("t", "ack");
            map.put("ack_id", ack.ackId());
            ack.refusal().ifPresent(refusal -> map.put("error", map(refusal)));
        } else if (frame instanceof Frame.Bye bye) {
            map.put("t", "bye");
            map.put("reason", bye.reason());
            map.put("message", bye.message());
        } else {
            map.put("t", frame instanceof Frame.Ping ? "ping" : "pong");
        }
        return Cbor.encode(map);
    }

    private static void write(Map<String, Object> map, Frame.Hello hello) {
        map.put("t", "hello");
        map.put("v", (long) hello.version());
        map.put("node", hello.node());
        map.put("name", hello.name());
        map.put("agent", hello.agent());
        map.put("max_frame", (long) hello.maxFrameBytes());
        map.put("window", (long) hello.windowOperations());
        map.put("window_bytes", hello.windowBytes());
    }

    static Map<String, Object> map(Operation operation) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", operation.id());
        map.put("kind", operation.kind());
        map.put("target", operation.target());
        map.put("payload", operation.payload());
        map.put("headers", operation.headers());
        map.put("idempotency_key", operation.idempotencyKey());
        map.put("ordering_key", operation.orderingKey());
        map.put("created_at_ms", operation.createdAtMs());
        map.put("expires_at_ms", operation.expiresAtMs());
        return map;
    }

    private static Map<String, Object> map(Frame.Refusal refusal) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("name", refusal.name());
        map.put("message", refusal.message());
        map.put("retry_after_ms", Math.min(refusal.retryAfter().toMillis(), Integer.MAX_VALUE));
        return map;
    }

    /**
     * Reads a frame, which must fill the buffer.
     *
     * @throws BadFrameException if it is none, or of a type that this version does not know
     */
    public static Frame decode(ByteBuffer bytes) throws BadFrameException {
        Fields fields = Fields.of(Cbor.decode(bytes));
        String type = fields.text("t");
        return switch (type) {
            case "hello" -> hello(fields);
            case "op" -> new Frame.Op(fields.number("ack_id", 1, Long.MAX_VALUE), operation(fields.map("op")));
            case "ack" -> new Frame.Ack(fields.number("ack_id", 1, Long.MAX_VALUE), refusal(fields));
            case "ping" -> new Frame.Ping();
            case "pong" -> new Frame.Pong();
            case "bye" -> new Frame.Bye(fields.text("reason"), fields.text("message"));
            default -> throw new BadFrameException("frames of type '" + Fields.shown(type) + "' are not known here");
        };
    }

    private static Frame.Hello hello(Fields fields) throws BadFrameException {
        return new Frame.Hello(
                fields.integer("v"),
                fields.text("node"),
                fields.text("name"),
                fields.text("agent"),
                fields.integer("max_frame"),
                fields.integer("window"),
                fields.number("window_bytes", 1, Long.MAX_VALUE));
    }

    static Operation operation(Fields fields) throws BadFrameException {
        Operation.Builder operation = Operation.builder()
                .id(fields.text("id"))
                .kind(fields.text("kind"))
                .target(fields.text("target"))
                .payload(fields.bytes("payload"))
                .headers(fields.map("headers").texts())
                .idempotencyKey(fields.text("idempotency_key"))
                .orderingKey(fields.text("ordering_key"))
                .createdAtMs(fields.number("created_at_ms", 0, Long.MAX_VALUE))
                .expiresAtMs(fields.number("expires_at_ms", 0, Long.MAX_VALUE));
        try {
            return operation.build();
        } catch (IllegalArgumentException incomplete) {
            throw new BadFrameException("an operation is not whole: " + incomplete.getMessage());
        }
    }

    private static Optional<Frame.Refusal> refusal(Fields fields) throws BadFrameException {
        if (!fields.has("error")) {
            return Optional.empty();
        }
        Fields error = fields.map("error");
        return Optional.of(new Frame.Refusal(
                error.text("name"),
                error.text("message"),
                Duration.ofMillis(error.number("retry_after_ms", 0, Integer.MAX_VALUE))));
    }
}
