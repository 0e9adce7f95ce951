package dev.tidesync.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes the one thread that drives the engine. A signal that is raised while nobody waits is kept, so that none is lost
 * between a step and the rest that follows it. Safe for use by many threads.
 */
final class EngineSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private boolean raised;

    void raise() {
        lock.lock();
        try {
            raised = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when the signal is raised, which lowers it, or after {@code nanos}. */
    void await(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            while (!raised && left > 0) {
                left = changed.awaitNanos(left);
            }
            raised = false;
        } finally {
            lock.unlock();
        }
    }
}
