package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.wire.Frame;
import java.time.Duration;

/** An operation that a peer has handed in is not taken. */
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Frame.Refusal refusal;

    /** Refused under one of the names of {@link dev.tidesync.transport.p2p.wire.Refusals}, until it is asked again. */
    RefusedException(String name, String message, Duration retryAfter) {
        super(name + ": " + message);
        this.refusal = new Frame.Refusal(name, message, retryAfter);
    }

    RefusedException(String name, String message) {
        this(name, message, Duration.ZERO);
    }

    Frame.Refusal refusal() {
        return refusal;
    }
}
