package dev.tidesync.spi;

/**
 * Our own disk or database failed. What was asked is not durable, unless the message says otherwise; an operation whose
 * enqueue ends with this exception may be enqueued again under the same id.
 */
public final class OutboxStoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What was attempted, on what, why it failed and what to do next. */
    public OutboxStoreException(String message) {
        super(message);
    }

    /** What was attempted, on what, why it failed and what to do next. */
    public OutboxStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
