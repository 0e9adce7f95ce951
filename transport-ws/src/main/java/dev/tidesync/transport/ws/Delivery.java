package dev.tidesync.transport.ws;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.ws.dialect.WsDialect;
import dev.tidesync.transport.ws.dialect.WsFrame;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt to deliver one operation. Everything but its result is confined to the loop. */
final class Delivery {
    private final Operation operation;
    private final Target target;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private @Nullable WsFrame frame;
    private Loop.Timer timer = Loop.Timer.NONE;
    private long ackId;

    Delivery(Operation operation, Target target) {
        this.operation = operation;
        this.target = target;
    }

    Target target() {
        return target;
    }

    /** Whether what the other side says beyond taking it is to be kept. */
    boolean asksForAnswer() {
        return operation.kind().equals("ws.request");
    }

    /** The number by which the other side acknowledges it; 0 until it is encoded. */
    long ackId() {
        return ackId;
    }

    CompletableFuture<SendResult> result() {
        return result;
    }

    /**
     * The message, encoded on first use.
     *
     * @param freshAckId its number if it has none yet
     * @throws IllegalArgumentException if the dialect cannot write it
     */
    WsFrame encoded(WsDialect dialect, long freshAckId) {
        if (frame == null) {
            frame = dialect.encode(operation, target.address(), freshAckId);
            ackId = freshAckId;
        }
        return frame;
    }

    /** The message's length; 0 before it is encoded. */
    int sizeBytes() {
        return frame == null ? 0 : frame.sizeBytes();
    }

    /** Replaces the timer that runs for it. */
    void timer(Loop.Timer next) {
        timer.stop();
        timer = next;
    }

    void complete(SendResult outcome) {
        timer.stop();
        result.complete(outcome);
    }
}
