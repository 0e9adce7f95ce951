package dev.tidesync.engine.wal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

    private record Promise(long offset, CompletableFuture<Void> answer) {}

    private final WalWriter writer;
    private final ReentrantLock lock;
    private final Condition more;
    // Guarded by lock:
    private final Deque<Promise> outstanding = new ArrayDeque<>();
    private @Nullable Thread committer;
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
        } else {
            more.signal();
        }
        return promise.answer();
    }

    private void commit() {
        lock.lock();
        try {
            while (rested()) {
                commitOutstanding();
            }
        } finally {
            committer = null;
            lock.unlock();
        }
    }

    /** Waits until there is something to do; false if it is time to end. */
    private boolean rested() {
        long left = TimeUnit.SECONDS.toNanos(REST_SECONDS);
        try {
            while (outstanding.isEmpty() && !ended && left > 0) {
                left = more.awaitNanos(left);
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt(); // its own thread: whoever interrupts it wants it to end
        }
        return !outstanding.isEmpty();
    }

    private void commitOutstanding() {
        try {
            writer.forceOneGroup();
            complete(takeDurable());
        } catch (IOException | RuntimeException | Error failure) { // told to all who wait; the writer takes no more
            fail(takeAll(), failure);
        }
    }

    /** How many are outstanding. */
    int size() {
        return outstanding.size();
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
        writer.countWaiting();
        return durable;
    }

    private List<Promise> takeAll() {
        List<Promise> all = new ArrayList<>(outstanding);
        outstanding.clear();
        writer.countWaiting();
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
