package dev.tidesync.engine.wal;

/**
 * What an inbox knows an operation by: the first 16 bytes of a SHA-256 over its origin and its idempotency key.
 *
 * @param high the first 8 of them
 * @param low the other 8
 */
public record InboxKey(long high, long low) {}
