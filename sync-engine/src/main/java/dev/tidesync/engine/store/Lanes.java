package dev.tidesync.engine.store;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished operations of each ordering key, oldest first: only the head of a lane may be sent. An operation
 * without an ordering key has the road to itself.
 */
final class Lanes {
    private final Map<String, NavigableSet<Entry>> lanes = new HashMap<>();

    void enter(Entry entry) {
        if (!entry.orderingKey.isEmpty()) {
            lanes.computeIfAbsent(entry.orderingKey, key -> new TreeSet<>(Entry.BY_AGE))
                    .add(entry);
        }
    }

    void leave(Entry entry) {
        NavigableSet<Entry> lane = lanes.get(entry.orderingKey);
        if (lane != null && lane.remove(entry) && lane.isEmpty()) {
            lanes.remove(entry.orderingKey);
        }
    }

    boolean isHead(Entry entry) {
        return entry.orderingKey.isEmpty() || head(entry.orderingKey) == entry;
    }

    /** The operation that goes next; null if the lane is empty. */
    @Nullable Entry head(String orderingKey) {
        NavigableSet<Entry> lane = lanes.get(orderingKey);
        return lane == null ? null : lane.first();
    }
}
