package dev.tidesync.transport.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.GzipSink;
import okio.Okio;

/**
 * Decides which bodies are compressed: none unless asked for, no small ones, and none for an origin that has refused
 * one. Safe for use by several threads.
 */
final class GzipPolicy {
    /** Below this, the gzip header and the receiver's work outweigh what is saved. */
    private static final int SMALLEST_BYTES = 1024;

    private final boolean wanted;
    private final Set<String> refusing = ConcurrentHashMap.newKeySet();

    GzipPolicy(boolean wanted) {
        this.wanted = wanted;
    }

    boolean appliesTo(String origin, ByteString body) {
        return wanted && body.size() > SMALLEST_BYTES && !refusing.contains(origin);
    }

    void refusedBy(String origin) {
        refusing.add(origin);
    }

    /** The body, compressed as a whole, so that its length is known and need not be sent in chunks. */
    static ByteString compress(ByteString body) {
        Buffer compressed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(compressed))) {
            sink.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return compressed.readByteString();
    }
}
