package dev.tidesync.engine.wal;

/** The log is not, or no longer, the one that a mark was made in; the message says how that shows. */
final class UnbelievedMarkException extends Exception {
    private static final long serialVersionUID = 1;

    UnbelievedMarkException(String message) {
        super(message);
    }
}
