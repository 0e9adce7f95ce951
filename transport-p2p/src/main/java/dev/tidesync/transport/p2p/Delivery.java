package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.FrameCodec;
import java.util.concurrent.CompletableFuture;

/** One attempt to deliver one operation, from the engine's call to its outcome. Confined to the loop. */
final class Delivery {
    private static final byte[] NOT_ENCODED = {};

    private final Operation operation;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private byte[] frame = NOT_ENCODED;
    private Timer timer = Timer.NONE;
    private long ackId;
    private volatile boolean cancelled;

    Delivery(Operation operation) {
        this.operation = operation;
    }

    String kind() {
        return operation.kind();
    }

    String target() {
        return operation.target();
    }

    /** Safe to use from any thread. */
    CompletableFuture<SendResult> result() {
        return result;
    }

    /** Notes that nobody wants it any more, for whoever has not begun with it yet. Safe to use from any thread. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** The number by which the other side acknowledges it; 0 until it is encoded. */
    long ackId() {
        return ackId;
    }

    /**
     * The frame, encoded on first use; it is the same on every connection that it goes over.
     *
     * @param freshAckId its number if it has none yet
     */
    byte[] encoded(long freshAckId) {
        if (ackId == 0) {
            ackId = freshAckId;
            frame = FrameCodec.encode(new Frame.Op(freshAckId, operation));
        }
        return frame;
    }

    /** The frame's length; 0 before it is encoded. */
    int sizeBytes() {
        return frame.length;
    }

    /** Replaces the timer that runs for it. */
    void timer(Timer next) {
        timer.stop();
        timer = next;
    }

    void complete(SendResult outcome) {
        timer.stop();
        result.complete(outcome);
    }
}
