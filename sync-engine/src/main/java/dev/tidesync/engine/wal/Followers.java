package dev.tidesync.engine.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that wait while another one writes and forces for them. Each is woken for itself: of threads that wait
 * for a condition, every one has to take the lock before the next can go on.
 *
 * <p><b>Threads:</b> every method is called with the writer's lock held, but for {@link Follower#await}.
 */
final class Followers {
    /** One thread that waits. */
    static final class Follower {
        private final Thread thread = Thread.currentThread();
        private final long end;
        private List<Follower> others = List.of();
        private volatile boolean released;

        private Follower(long end) {
            this.end = end;
        }

        /** Waits, without the lock, until there is nothing to wait for, or nobody who leads. Keeps interrupts back. */
        void await() {
            boolean interrupted = false;
            while (!released) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            others.forEach(Follower::release);
            if (interrupted) {
                thread.interrupt();
            }
        }

        private void release() {
            released = true;
            LockSupport.unpark(thread);
        }
    }

    private final List<Follower> waiting = new ArrayList<>();

    /** The calling thread, which waits until everything below {@code end} is durable. */
    Follower add(long end) {
        Follower follower = new Follower(end);
        waiting.add(follower);
        return follower;
    }

    /** How many wait. */
    int size() {
        return waiting.size();
    }

    /** Releases those who have what they wait for. */
    void releaseUpTo(long durableOffset) {
        List<Follower> served = new ArrayList<>();
        waiting.removeIf(follower -> follower.end <= durableOffset && served.add(follower));
        release(served);
    }

    /** Nobody leads any more: releases the one that is to lead next. */
    void releaseNext() {
        if (!waiting.isEmpty()) {
            waiting.remove(0).release();
        }
    }

    /** Nothing is written any more: releases everybody. */
    void releaseAll() {
        release(List.copyOf(waiting));
        waiting.clear();
    }

    /** The first wakes the others, so that the leader can go on: the disk waits for it. */
    private static void release(List<Follower> all) {
        if (!all.isEmpty()) {
            Follower first = all.get(0);
            first.others = all.subList(1, all.size());
            first.release();
        }
    }
}
