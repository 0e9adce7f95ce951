package dev.tidesync.transport.http;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Lets each origin have only so many requests at a time; further ones wait for their turn, in order. OkHttp's own limit
 * is no use for that: it counts a host's ports as one, so that a dead port would hold up a live one. Safe for use by
 * several threads.
 */
final class Turns {
    /** Something that may begin once it has a turn. */
    interface Waiting {
        /** Begins, unless it is no longer wanted; says whether it did, and so will give its turn back. */
        boolean begin();
    }

    private static final class Line {
        private int busy;
        private final Queue<Waiting> waiting = new ArrayDeque<>();
    }

    private final int perOrigin;

    private final Object lock = new Object();
    // Guarded by lock; an origin without requests has no line.
    private final Map<String, Line> lines = new HashMap<>();

    Turns(int perOrigin) {
        this.perOrigin = perOrigin;
    }

    /** Begins it now if the origin has a turn free, else as soon as it has. */
    void take(String origin, Waiting request) {
        synchronized (lock) {
            Line line = lines.computeIfAbsent(origin, name -> new Line());
            if (line.busy == perOrigin) {
                line.waiting.add(request);
                return;
            }
            line.busy++;
        }
        if (!request.begin()) {
            giveBack(origin);
        }
    }

    /** Passes a turn on to whoever waits for it and still wants it. */
    void giveBack(String origin) {
        Optional<Waiting> next = next(origin);
        while (next.isPresent() && !next.get().begin()) {
            next = next(origin);
        }
    }

    private Optional<Waiting> next(String origin) {
        synchronized (lock) {
            Line line = lines.get(origin);
            if (line == null) {
                throw new AssertionError("a turn was given back that nobody had: " + origin);
            }
            Waiting next = line.waiting.poll();
            if (next == null && --line.busy == 0) {
                lines.remove(origin);
            }
            return Optional.ofNullable(next);
        }
    }
}
