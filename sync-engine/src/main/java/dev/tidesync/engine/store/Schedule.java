package dev.tidesync.engine.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * When each operation that waits may go: the ready ones by queue, the others by due time. Time comes with each call and
 * may go backwards.
 */
final class Schedule {
    /** Threads read the clock at slightly different moments; a smaller step back is no change of the clock. */
    private static final long CLOCK_TOLERANCE_MS = 1_000;

    /** In the order of their turns. */
    private final Map<QueueKey, ReadyQueue> ready = new LinkedHashMap<>();

    private final NavigableSet<Entry> notYetDue = new TreeSet<>(Entry.BY_DUE_TIME);

    /** Until somebody has told the time, everything counts as due; the first to tell it then sorts that out. */
    private long nowMs = Long.MAX_VALUE;

    private boolean grown;

    /**
     * Takes in a waiting operation that is at the head of its lane. The time comes with the event that brings it here:
     * nobody may have told the schedule the time for a while.
     */
    void add(Entry entry, long eventMs) {
        entry.reckonDueTime(eventMs);
        if (entry.dueAtMs > nowMs) {
            notYetDue.add(entry);
        } else {
            addReady(entry);
            grown = true;
        }
    }

    private void addReady(Entry entry) {
        ready.computeIfAbsent(entry.queueKey, ReadyQueue::new).add(entry);
    }

    /** Takes an operation out; does nothing if it is not in. */
    void remove(Entry entry) {
        ReadyQueue queue = ready.get(entry.queueKey);
        if (queue == null || !queue.remove(entry)) {
            notYetDue.remove(entry);
        } else if (queue.isEmpty()) {
            ready.remove(entry.queueKey);
        }
    }

    boolean isReady(Entry entry) {
        ReadyQueue queue = ready.get(entry.queueKey);
        return queue != null && queue.contains(entry);
    }

    /** Moves to the ready queues what has become due; sorts everything anew if the clock went back. */
    void advanceTo(long newNowMs) {
        if (newNowMs < nowMs - CLOCK_TOLERANCE_MS) {
            turnBackTo(newNowMs);
        }
        nowMs = Math.max(nowMs, newNowMs);
        while (!notYetDue.isEmpty() && notYetDue.first().dueAtMs <= nowMs) {
            addReady(notYetDue.pollFirst());
        }
    }

    private void turnBackTo(long newNowMs) {
        List<Entry> all = new ArrayList<>(notYetDue);
        ready.values().forEach(queue -> all.addAll(queue.oldestFirst()));
        notYetDue.clear();
        ready.clear();
        nowMs = newNowMs;
        boolean grownBefore = grown;
        all.forEach(entry -> add(entry, newNowMs));
        grown = grownBefore;
    }

    /** The ready queues, those served longest ago first. */
    List<ReadyQueue> queuesInTurn() {
        return List.copyOf(ready.values());
    }

    /** Puts a queue that was served behind the others. */
    void endTurn(ReadyQueue served) {
        if (ready.remove(served.key(), served)) {
            ready.put(served.key(), served);
        }
    }

    /** The ready operations, oldest first within each collection. */
    List<Collection<Entry>> readyByQueue() {
        return ready.values().stream().map(ReadyQueue::oldestFirst).toList();
    }

    OptionalLong nextDueAtMs() {
        return notYetDue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(notYetDue.first().dueAtMs);
    }

    /** Whether an operation became ready otherwise than by the passing of time since this was last asked. */
    boolean takeGrown() {
        boolean answer = grown;
        grown = false;
        return answer;
    }
}
