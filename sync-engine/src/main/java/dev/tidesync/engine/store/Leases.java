package dev.tidesync.engine.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of claims while they last, under numbers. Not safe for use by several threads. */
final class Leases {
    /** Who has claimed an operation, and since when that counts. */
    record Lease(long token, String owner, long startMs) {}

    private final List<@Nullable Lease> leases = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    int add(Lease lease) {
        Integer reused = free.poll();
        if (reused == null) {
            leases.add(lease);
            return leases.size() - 1;
        }
        leases.set(reused, lease);
        return reused;
    }

    Lease get(int number) {
        Lease lease = leases.get(number);
        if (lease == null) {
            throw new AssertionError("lease " + number + " is not in use");
        }
        return lease;
    }

    void set(int number, Lease lease) {
        leases.set(number, lease);
    }

    void remove(int number) {
        leases.set(number, null);
        free.push(number);
    }
}
