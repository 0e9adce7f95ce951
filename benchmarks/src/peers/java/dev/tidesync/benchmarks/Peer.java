package dev.tidesync.benchmarks;

/**
 * Something that could be used as a durable queue of operations. Each is asked for the same: what was enqueued is
 * forced to disk when the call returns; a claim and a completion are written at once, and forced with whatever is forced
 * next. Safe for use by several threads.
 */
interface Peer {
    /** Keeps an operation under a number that is used only once. */
    void enqueue(long number, byte[] operation) throws Exception;

    /** The whole life of a batch: enqueued together, then claimed, then done. */
    void live(long firstNumber, int count, byte[] operation) throws Exception;

    /** Lets its files go. */
    void close() throws Exception;
}
