package dev.tidesync.engine.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** What happened in a run: a hash over all of it, by which two runs are compared, and the last events for a person. */
final class EventLog {
    private static final int KEPT = 60;

    private final Deque<String> last = new ArrayDeque<>();
    private long hash = 17;
    private int count;

    void add(String event) {
        hash = hash * 0x9E3779B97F4A7C15L + event.hashCode();
        count++;
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(count + " " + event);
    }

    long hash() {
        return hash;
    }

    String lastEvents() {
        return String.join("\n", last);
    }
}
