package dev.tidesync.engine.wal;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses payloads one by one with DEFLATE (RFC 1951), where that makes them smaller. An instance is confined to one
 * thread.
 */
final class PayloadCompression {
    /** Less than this is not worth the try. */
    private static final int SMALLEST_BYTES = 64;

    /** DEFLATE makes nothing smaller than by this factor, so that a small record cannot claim a huge payload. */
    private static final long GREATEST_RATIO = 1_032;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] buffer = {};

    /** The compressed payload, valid until the next call; empty if it does not get smaller by an eighth at least. */
    Optional<ByteBuffer> deflate(ByteBuffer payload) {
        int size = payload.remaining();
        if (size < SMALLEST_BYTES) {
            return Optional.empty();
        }
        int most = size - size / 8;
        if (buffer.length < most) {
            buffer = new byte[most];
        }
        deflater.reset();
        deflater.setInput(payload);
        deflater.finish();
        int length = deflater.deflate(buffer, 0, most);
        return deflater.finished() ? Optional.of(ByteBuffer.wrap(buffer, 0, length)) : Optional.empty();
    }

    /**
     * The payload of a known size.
     *
     * @throws IllegalArgumentException if that is not what was compressed
     */
    static byte[] inflate(byte[] deflated, int size) {
        if (size > deflated.length * GREATEST_RATIO) {
            throw new IllegalArgumentException(
                    deflated.length + " bytes cannot be a compressed payload of " + size + " bytes");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] payload = new byte[size];
            int length = inflater.inflate(payload);
            boolean whole = length == size && (inflater.finished() || inflater.inflate(new byte[1]) == 0);
            if (!whole || !inflater.finished()) {
                throw new IllegalArgumentException("expected a compressed payload of " + size + " bytes");
            }
            return payload;
        } catch (DataFormatException broken) {
            throw new IllegalArgumentException("compressed payload cannot be read: " + broken.getMessage(), broken);
        } finally {
            inflater.end();
        }
    }
}
