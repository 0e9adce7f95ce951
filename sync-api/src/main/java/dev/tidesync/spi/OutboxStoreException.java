package dev.tidesync.spi;

import org.jspecify.annotations.Nullable;

/**
 * Our own disk or database failed. What was asked is not durable, unless the message says otherwise; an operation whose
 * enqueue ends with this exception may be enqueued again under the same id.
 */
public final class OutboxStoreException extends RuntimeException {
    /** What the failure means for whoever would try again. */
    public enum Reason {
        /** It may pass: a full disk, a database that is away. */
        MAY_PASS,
        /** The store cannot be opened as long as somebody else, whom the message names, holds it. */
        IN_USE,
        /** This store takes no more changes, whatever is tried; opened again, it may. What it acknowledged is kept. */
        TAKES_NO_MORE
    }

    private static final long serialVersionUID = 1;

    /** What the failure means. */
    private final Reason reason;

    /** What was attempted, on what, why it failed and what to do next. */
    public OutboxStoreException(String message) {
        super(message);
        this.reason = Reason.MAY_PASS;
    }

    /** What was attempted, on what, why it failed and what to do next. */
    public OutboxStoreException(String message, Throwable cause) {
        super(message, cause);
        this.reason = Reason.MAY_PASS;
    }

    private OutboxStoreException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** The store is held by somebody else; the message names them. */
    public static OutboxStoreException inUse(String message) {
        return new OutboxStoreException(Reason.IN_USE, message, null);
    }

    /** The store takes no more changes until it is opened again. */
    public static OutboxStoreException takesNoMore(String message, Throwable cause) {
        return new OutboxStoreException(Reason.TAKES_NO_MORE, message, cause);
    }

    /** What the failure means for whoever would try again; {@link Reason#MAY_PASS} unless the store says otherwise. */
    public Reason reason() {
        return reason;
    }
}
