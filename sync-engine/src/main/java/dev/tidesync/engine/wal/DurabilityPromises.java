package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was promised to those who append and do not wait. As long as something is outstanding, a thread of its own leads
 * groups where no waiting thread does, and completes what has become durable; it ends when nothing came for a while.
 *
 * <p><b>Threads:</b> every method is called with the writer's lock held.
 */
final class DurabilityPromises {
    /** How long the thread rests before it ends: making a new one costs more than keeping it through a short pause. */
    private static final long REST_SECONDS = 1;

    /** The part of a force's time for which the next group is kept open, so that it is not a small one. */
    private static final int GATHERING_SHARE = 4;
    /** Waiting for less costs more than it brings. */
    private static final long SHORTEST_GATHERING_NANOS = 50_000;

    private record Promise(long offset, CompletableFuture<Void> answer) {}

    private final WalWriter writer;
    private final ReentrantLock lock;
    private final Condition more;
    // Guarded by lock:
    private final PriorityQueue<Promise> outstanding = new PriorityQueue<>(Comparator.comparingLong(Promise::offset));
    private @Nullable Thread committer;
    private int wanted = 1;
    private int lastGroup;
    private long lastForceNanos;
    private boolean ended;

    DurabilityPromises(WalWriter writer, ReentrantLock lock) {
        this.writer = writer;
        this.lock = lock;
        this.more = lock.newCondition();
    }

    CompletableFuture<Void> add(long offset) {
        Promise promise = new Promise(offset, new CompletableFuture<>());
        outstanding.add(promise);
        if (committer == null) {
            Thread thread = new Thread(this::commit, "tidesync-log");
            thread.setDaemon(true);
            committer = thread;
            thread.start();
        } else if (outstanding.size() >= wanted) {
            more.signal();
        }
        return promise.answer();
    }

    private void commit() {
        lock.lock();
        try {
            while (rested()) {
                gather();
                commitOutstanding();
            }
        } finally {
            committer = null;
            lock.unlock();
        }
    }

    /** Waits until there is something to do; false if it is time to end. */
    private boolean rested() {
        awaitOutstanding(1, TimeUnit.SECONDS.toNanos(REST_SECONDS));
        return !outstanding.isEmpty();
    }

    /**
     * Whoever keeps a number of records outstanding hands over new ones as soon as the last ones are completed: a
     * moment later they all fit into one group.
     */
    private void gather() {
        long nanos = lastForceNanos / GATHERING_SHARE;
        if (nanos >= SHORTEST_GATHERING_NANOS) {
            awaitOutstanding(lastGroup, nanos);
        }
    }

    private void awaitOutstanding(int count, long nanos) {
        wanted = count;
        long left = nanos;
        try {
            while (outstanding.size() < count && !ended && left > 0) {
                left = more.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt(); // its own thread: whoever interrupts it wants it to end
        }
        wanted = 1;
    }

    private void commitOutstanding() {
        try {
            long begun = System.nanoTime();
            writer.forceOneGroup();
            lastForceNanos = System.nanoTime() - begun;
            List<Promise> durable = takeDurable();
            lastGroup = durable.size();
            complete(durable);
        } catch (IOException | RuntimeException | Error failure) { // told to all who wait; the writer takes no more
            fail(takeAll(), failure);
        }
    }

    /** Nothing is written any more: keeps what can be kept and refuses the rest. */
    void settle() {
        ended = true;
        more.signalAll();
        complete(takeDurable());
        fail(takeAll(), new IOException("the log was closed before the record was durable; it may or may not be kept"));
    }

    private List<Promise> takeDurable() {
        List<Promise> durable = new ArrayList<>();
        for (Promise next = outstanding.peek();
                next != null && next.offset() < writer.durableOffset();
                next = outstanding.peek()) {
            durable.add(outstanding.remove());
        }
        return durable;
    }

    private List<Promise> takeAll() {
        List<Promise> all = new ArrayList<>(outstanding);
        outstanding.clear();
        return all;
    }

    /** Whoever is called back may use the log, so the lock is given up meanwhile. */
    private void complete(List<Promise> promises) {
        withoutLock(() -> promises.forEach(promise -> promise.answer().complete(null)));
    }

    private void fail(List<Promise> promises, Throwable failure) {
        withoutLock(() -> promises.forEach(promise -> promise.answer().completeExceptionally(failure)));
    }

    private void withoutLock(Runnable callbacks) {
        lock.unlock();
        try {
            callbacks.run();
        } finally {
            lock.lock();
        }
    }
}
