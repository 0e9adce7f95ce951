package dev.tidesync.engine.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The ready queue of each kind and destination, under a number; a queue is forgotten with its last operation, finished
 * ones included. Not safe for use by several threads.
 */
final class Queues {
    private final Destinations destinations = new Destinations();
    private final Map<QueueKey, ReadyQueue> byKey = new HashMap<>();
    private final List<@Nullable ReadyQueue> byNumber = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private final Slots nodes;
    private final int nodeBytes;
    private final IntToLongFunction ageOf;

    /** No queues; {@code ageOf} says how operations are ordered in each. */
    Queues(Slots nodes, int nodeBytes, IntToLongFunction ageOf) {
        this.nodes = nodes;
        this.nodeBytes = nodeBytes;
        this.ageOf = ageOf;
    }

    /** The queue of a kind and a target, for one more operation. */
    ReadyQueue acquire(String kind, String target) {
        return acquire(new QueueKey(kind, destinations.of(target)));
    }

    /** The queue of this key, for one more operation. */
    ReadyQueue acquire(QueueKey key) {
        ReadyQueue queue = byKey.computeIfAbsent(key, this::create);
        queue.users++;
        return queue;
    }

    private ReadyQueue create(QueueKey key) {
        Integer reused = free.poll();
        int number = reused == null ? byNumber.size() : reused;
        ReadyQueue queue = new ReadyQueue(key, number, new SlotTree(nodes, nodeBytes, ageOf), ageOf);
        if (reused == null) {
            byNumber.add(queue);
        } else {
            byNumber.set(number, queue);
        }
        return queue;
    }

    ReadyQueue get(int number) {
        ReadyQueue queue = byNumber.get(number);
        if (queue == null) {
            throw new AssertionError("queue " + number + " is not in use");
        }
        return queue;
    }

    /** One operation less. */
    void release(ReadyQueue queue) {
        queue.users--;
        if (queue.users == 0) {
            byKey.remove(queue.key());
            byNumber.set(queue.number(), null);
            free.push(queue.number());
        }
    }

    /** How many queues there are. */
    int count() {
        return byKey.size();
    }
}
