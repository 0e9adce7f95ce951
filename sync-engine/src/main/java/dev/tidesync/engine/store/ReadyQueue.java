package dev.tidesync.engine.store;

import java.util.function.IntToLongFunction;

/**
 * The operations of one kind to one destination that are due and at the head of their lane, oldest first. One queue a
 * destination is what keeps a dead one from standing in the way of the others.
 */
final class ReadyQueue {
    private final QueueKey key;
    private final int number;
    private final SlotTree members;
    private final IntToLongFunction ageOf;

    /** How many operations name this queue, whatever their status. */
    int users;

    /** Every operation older than this has been looked at for {@link #nextToNote}. */
    private long noteFromSeq;

    private String noteReason = "";

    ReadyQueue(QueueKey key, int number, SlotTree members, IntToLongFunction ageOf) {
        this.key = key;
        this.number = number;
        this.members = members;
        this.ageOf = ageOf;
    }

    QueueKey key() {
        return key;
    }

    int number() {
        return number;
    }

    SlotTree members() {
        return members;
    }

    void add(int slot) {
        members.add(slot);
        noteFromSeq = Math.min(noteFromSeq, ageOf.applyAsLong(slot));
    }

    void remove(int slot) {
        members.remove(slot);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Begins to look for operations that have not been noted for this reason, unless that has begun. */
    void beginNoting(String reason) {
        if (!reason.equals(noteReason)) {
            noteReason = reason;
            noteFromSeq = 0;
        }
    }

    /** The next operation to look at; {@link Slots#NONE} after the last. */
    int nextToNote() {
        int slot = members.ceiling(noteFromSeq);
        if (slot != Slots.NONE) {
            noteFromSeq = ageOf.applyAsLong(slot) + 1;
        }
        return slot;
    }
}
