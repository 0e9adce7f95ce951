package dev.tidesync.tck;

import java.nio.ByteBuffer;

/**
 * What the other side of a transport took custody of.
 *
 * @param payload the payload, byte for byte
 * @param idempotencyKey the key that came with it; empty if the other side cannot see it
 */
public record Received(ByteBuffer payload, String idempotencyKey) {
    /** A payload, which is copied, and its key. */
    public static Received of(byte[] payload, String idempotencyKey) {
        return new Received(ByteBuffer.wrap(payload.clone()).asReadOnlyBuffer(), idempotencyKey);
    }
}
