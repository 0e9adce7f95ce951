package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.InboxKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The digests by which an inbox knows operations without keeping their texts: beginnings of a SHA-256 over parts that
 * each have their length in front.
 */
final class Digests {
    private Digests() {}

    /** Tells operations apart: origin and idempotency key. */
    static InboxKey key(String origin, String idempotencyKey) {
        ByteBuffer digest = of(origin, idempotencyKey);
        return new InboxKey(digest.getLong(), digest.getLong());
    }

    /** Tells apart what two operations of one key ask for: kind, target, content type and payload. */
    static long fingerprint(Operation operation) {
        MessageDigest digest = sha256();
        add(digest, operation.kind());
        add(digest, operation.target());
        add(digest, contentType(operation.headers()));
        digest.update(operation.payloadBuffer());
        return ByteBuffer.wrap(digest.digest()).getLong();
    }

    private static String contentType(Map<String, String> headers) {
        TreeMap<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return byName.getOrDefault("content-type", "");
    }

    /** Tells lanes apart: origin and ordering key; never {@link Waiting#NO_LANE}. */
    static long lane(String origin, String orderingKey) {
        long lane = of(origin, orderingKey).getLong();
        return lane == Waiting.NO_LANE ? 1 : lane;
    }

    private static ByteBuffer of(String first, String second) {
        MessageDigest digest = sha256();
        add(digest, first);
        add(digest, second);
        return ByteBuffer.wrap(digest.digest());
    }

    private static void add(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
