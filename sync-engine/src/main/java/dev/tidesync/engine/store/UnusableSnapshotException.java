package dev.tidesync.engine.store;

/** A snapshot of the index cannot be used; the message says why, to go behind "it". The log has everything. */
final class UnusableSnapshotException extends Exception {
    private static final long serialVersionUID = 1;

    UnusableSnapshotException(String message) {
        super(message);
    }
}
