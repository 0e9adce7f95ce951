package dev.tidesync.engine.inbox;

/**
 * How an inbox stands.
 *
 * @param waiting operations whose handler has not returned yet
 * @param waitingBytes the payload bytes of these
 * @param remembered keys by which duplicates are known, those of waiting operations among them
 * @param conflicts operations that were refused since the opening because their key was used for another one
 * @param tooOld operations that were refused since the opening because they may have been forgotten
 */
public record InboxStatus(int waiting, long waitingBytes, int remembered, long conflicts, long tooOld) {}
