package dev.tidesync.engine.inbox;

import dev.tidesync.engine.wal.InboxKey;

/**
 * An operation whose handler has not returned yet. What it asks for stays on disk.
 *
 * <p>Its failure count belongs to the thread that runs its handler, and is handed on with the operation.
 */
final class Waiting {
    /** The lane of an operation without an ordering key. */
    static final long NO_LANE = 0;

    final InboxKey key;
    final String kind;
    final long lane;
    final int payloadBytes;
    /** Its place among those that wait: where its record lay at first. */
    final long order;
    /** Where its record lies now; it moves when the log drops its oldest segments. */
    volatile long offset;

    int failures;

    /** An operation whose record lies at this offset of the log, and lay at {@code order} at first. */
    Waiting(InboxKey key, String kind, long lane, int payloadBytes, long order, long offset) {
        this.key = key;
        this.kind = kind;
        this.lane = lane;
        this.payloadBytes = payloadBytes;
        this.order = order;
        this.offset = offset;
    }
}
