package dev.tidesync.engine.store;

import dev.tidesync.engine.store.OperationRows.Place;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * When each operation that waits may go: the ready ones by queue, the others by due time. Time comes with each call and
 * may go backwards.
 */
final class Schedule {
    /** Threads read the clock at slightly different moments; a smaller step back is no change of the clock. */
    private static final long CLOCK_TOLERANCE_MS = 1_000;

    private final OperationRows rows;

    /** The queues that are not empty, in the order of their turns. */
    private final Set<ReadyQueue> ready = new LinkedHashSet<>();

    private final SlotTree notYetDue;

    /** Until somebody has told the time, everything counts as due; the first to tell it then sorts that out. */
    private long nowMs = Long.MAX_VALUE;

    private boolean grown;

    Schedule(OperationRows rows, SlotTree notYetDue) {
        this.rows = rows;
        this.notYetDue = notYetDue;
    }

    /**
     * Takes in a waiting operation that is at the head of its lane. The time comes with the event that brings it here:
     * nobody may have told the schedule the time for a while.
     */
    void add(Entry entry, long eventMs) {
        if (place(entry, eventMs) == Place.READY) {
            grown = true;
        }
    }

    private Place place(Entry entry, long eventMs) {
        long dueBefore = entry.dueAtMs;
        entry.reckonDueTime(eventMs);
        if (entry.dueAtMs != dueBefore) {
            rows.store(entry);
        }
        if (entry.dueAtMs > nowMs) {
            notYetDue.add(entry.slot);
            rows.setPlace(entry.slot, Place.NOT_YET_DUE);
            return Place.NOT_YET_DUE;
        }
        addReady(entry.slot, entry.queue);
        return Place.READY;
    }

    private void addReady(int slot, ReadyQueue queue) {
        queue.add(slot);
        ready.add(queue);
        rows.setPlace(slot, Place.READY);
    }

    /** Takes an operation out; does nothing if it is not in. */
    void remove(Entry entry) {
        switch (rows.place(entry.slot)) {
            case READY -> removeReady(entry.slot, entry.queue);
            case NOT_YET_DUE -> notYetDue.remove(entry.slot);
            case NOWHERE -> {}
        }
        rows.setPlace(entry.slot, Place.NOWHERE);
    }

    private void removeReady(int slot, ReadyQueue queue) {
        queue.remove(slot);
        if (queue.isEmpty()) {
            ready.remove(queue);
        }
    }

    boolean isReady(Entry entry) {
        return rows.place(entry.slot) == Place.READY;
    }

    /** Moves to the ready queues what has become due; sorts everything anew if the clock went back. */
    void advanceTo(long newNowMs) {
        if (newNowMs < nowMs - CLOCK_TOLERANCE_MS) {
            turnBackTo(newNowMs);
        }
        nowMs = Math.max(nowMs, newNowMs);
        int first = notYetDue.first();
        while (first != Slots.NONE && rows.dueAtMs(first) <= nowMs) {
            notYetDue.remove(first);
            addReady(first, rows.load(first).queue);
            first = notYetDue.first();
        }
    }

    private void turnBackTo(long newNowMs) {
        nowMs = newNowMs;
        int[] waiting = notYetDueSlots();
        notYetDue.clear();
        List.copyOf(ready).forEach(queue -> turnBack(queue, newNowMs));
        for (int slot : waiting) {
            place(rows.load(slot), newNowMs);
        }
    }

    private int[] notYetDueSlots() {
        int[] slots = new int[notYetDue.size()];
        int slot = notYetDue.first();
        for (int i = 0; i < slots.length; i++) {
            slots[i] = slot;
            slot = notYetDue.after(slot);
        }
        return slots;
    }

    /** Most operations of a queue were due from the beginning, and so they stay. */
    private void turnBack(ReadyQueue queue, long newNowMs) {
        int slot = queue.members().first();
        while (slot != Slots.NONE) {
            int next = queue.members().after(slot);
            if (rows.dueAtMs(slot) != Long.MIN_VALUE) {
                removeReady(slot, queue);
                place(rows.load(slot), newNowMs);
            }
            slot = next;
        }
    }

    /** The ready queues, those served longest ago first; to be walked before the next change. */
    Collection<ReadyQueue> queuesInTurn() {
        return Collections.unmodifiableCollection(ready);
    }

    /** Puts a queue that was served behind the others. */
    void endTurn(ReadyQueue served) {
        if (ready.remove(served)) {
            ready.add(served);
        }
    }

    /** The ready operations, oldest first within each set. */
    List<SlotTree> readyByQueue() {
        return ready.stream().map(ReadyQueue::members).toList();
    }

    OptionalLong nextDueAtMs() {
        return notYetDue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.dueAtMs(notYetDue.first()));
    }

    /** Whether an operation became ready otherwise than by the passing of time since this was last asked. */
    boolean takeGrown() {
        boolean answer = grown;
        grown = false;
        return answer;
    }
}
