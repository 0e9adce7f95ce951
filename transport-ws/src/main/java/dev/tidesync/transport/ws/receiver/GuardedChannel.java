package dev.tidesync.transport.ws.receiver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Optional;
import org.java_websocket.WrappedByteChannel;

/**
 * A connection's bytes, counted until its handshake is complete: the library would collect a header without end. Read
 * by the server's selector thread; the rest may be called from any.
 */
final class GuardedChannel implements WrappedByteChannel {
    private static final int LONGEST_HANDSHAKE_BYTES = 16 * 1024;

    private final ByteChannel inner;
    /** The same, if there is TLS between it and the socket. */
    private final Optional<WrappedByteChannel> tls;

    private final Runnable onClose;
    private final long acceptedAtNanos;
    private int handshakeBytes;
    private volatile boolean open;
    private volatile boolean closed;

    GuardedChannel(ByteChannel inner, long acceptedAtNanos, Runnable onClose) {
        this.inner = inner;
        this.tls = inner instanceof WrappedByteChannel wrapped ? Optional.of(wrapped) : Optional.empty();
        this.acceptedAtNanos = acceptedAtNanos;
        this.onClose = onClose;
    }

    /** The handshake is complete: frames have limits of their own. */
    void opened() {
        open = true;
    }

    /** Whether it has been without a handshake since before this time. */
    boolean isOverdue(long sinceNanos) {
        return !open && acceptedAtNanos - sinceNanos < 0;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return counted(inner.read(target));
    }

    @Override
    public int readMore(ByteBuffer target) throws IOException {
        return tls.isPresent() ? counted(tls.get().readMore(target)) : 0;
    }

    private int counted(int bytes) throws IOException {
        if (!open && bytes > 0) {
            handshakeBytes += bytes;
            if (handshakeBytes > LONGEST_HANDSHAKE_BYTES) {
                throw new IOException("the handshake is longer than " + LONGEST_HANDSHAKE_BYTES + " bytes");
            }
        }
        return bytes;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return inner.write(source);
    }

    @Override
    public boolean isNeedWrite() {
        return tls.isPresent() && tls.get().isNeedWrite();
    }

    @Override
    public void writeMore() throws IOException {
        if (tls.isPresent()) {
            tls.get().writeMore();
        }
    }

    @Override
    public boolean isNeedRead() {
        return tls.isPresent() && tls.get().isNeedRead();
    }

    @Override
    public boolean isBlocking() {
        return tls.isPresent() && tls.get().isBlocking();
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            onClose.run();
        }
        inner.close();
    }
}
