package dev.tidesync.engine.wal;

/**
 * One file of the log, as whoever tidies it up sees it.
 *
 * @param number its number in the order of the log
 * @param firstOffset where its records begin
 * @param endOffset where they end: the next segment's first offset, or for the newest the end of what is written
 * @param bytes how much room the file takes
 */
public record WalSegment(long number, long firstOffset, long endOffset, long bytes) {}
