package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.FrameCodec;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One attempt to deliver one operation, from the engine's call to its outcome, and by way of others if that is the only
 * one. Confined to the loop.
 */
final class Delivery {
    private static final byte[] NOT_ENCODED = {};

    private final Operation operation;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private Detour detour = Detour.none();
    private Consumer<Peer> askToPassOn = nobody -> {};
    private boolean onDetour;
    private byte[] frame = NOT_ENCODED;
    private Timer timer = Timer.NONE;
    private long ackId;
    private volatile boolean cancelled;

    Delivery(Operation operation) {
        this.operation = operation;
    }

    Operation operation() {
        return operation;
    }

    /** Whom to ask, and how, if its peer cannot be reached. */
    void detour(Detour ways, Consumer<Peer> ask) {
        detour = ways;
        askToPassOn = ask;
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

    /** Whether there is somebody else to ask. */
    boolean hasDetour() {
        return detour.isOpen();
    }

    /** The number by which the other side acknowledges it; 0 until it is encoded. */
    long ackId() {
        return ackId;
    }

    /**
     * The frame, encoded on first use; it is the same on every connection to the peer that is asked now.
     *
     * @param freshAckId its number if it has none yet
     */
    byte[] encoded(long freshAckId) {
        if (ackId == 0) {
            ackId = freshAckId;
            frame = FrameCodec.encode(new Frame.Op(freshAckId, onDetour ? detour.packed() : operation));
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

    /** Ends the attempt with this outcome, unless there is somebody left to ask. */
    void complete(SendResult outcome) {
        timer.stop();
        Optional<Peer> next = cancelled ? Optional.empty() : detour.after(outcome);
        if (next.isPresent()) {
            onDetour = true;
            ackId = 0;
            frame = NOT_ENCODED;
            askToPassOn.accept(next.get());
        } else {
            result.complete(cancelled ? outcome : detour.outcome(outcome));
        }
    }
}
