package dev.tidesync.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that sends block on, at most a fixed number at a time. They are virtual where the running JDK has virtual
 * threads that do not pin their carrier in {@code synchronized} (JDK 24, JEP 491), platform threads elsewhere. They are
 * started when needed; {@link #close} ends them, and the next task starts them anew. Safe for use by many threads.
 */
final class SendThreads implements AutoCloseable {
    private static final int JDK_WITHOUT_PINNING = 24;
    private static final long KEEP_IDLE_SECONDS = 5;

    private final int limit;
    private final Runnable whenFree;
    private final AtomicInteger busy = new AtomicInteger();

    // guarded by this
    private @Nullable ExecutorService executor;

    /**
     * Threads for sends.
     *
     * @param limit how many may be busy at a time
     * @param whenFree called after a task has ended
     */
    SendThreads(int limit, Runnable whenFree) {
        this.limit = limit;
        this.whenFree = whenFree;
    }

    /**
     * Runs a task on a thread of its own.
     *
     * @throws AllBusyException if as many as allowed are running
     */
    void execute(Runnable task) {
        if (busy.incrementAndGet() > limit) {
            busy.decrementAndGet();
            throw new AllBusyException(limit);
        }
        try {
            handOver(() -> runAndFree(task));
        } catch (RuntimeException | Error notStarted) {
            busy.decrementAndGet();
            throw notStarted;
        }
    }

    /** Under the lock, so that threads which are being closed take no task only to turn it away. */
    private synchronized void handOver(Runnable task) {
        if (executor == null) {
            executor = Runtime.version().feature() >= JDK_WITHOUT_PINNING
                    ? virtualThreads()
                    : platformThreads("tidesync-send-");
        }
        executor.execute(task);
    }

    private void runAndFree(Runnable task) {
        try {
            task.run();
        } finally {
            busy.decrementAndGet();
            whenFree.run();
        }
    }

    /** How many more tasks can run now. */
    int free() {
        return Math.max(0, limit - busy.get());
    }

    /** {@code Executors.newVirtualThreadPerTaskExecutor()}, which the API of JDK 17 does not have yet. */
    private static ExecutorService virtualThreads() {
        try {
            return (ExecutorService) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class))
                    .invokeExact();
        } catch (Throwable missing) {
            throw new AssertionError("JDK " + Runtime.version() + " should have virtual threads", missing);
        }
    }

    /** As many daemon threads as there are tasks, named by this and a number; they end when they have been idle. */
    static ExecutorService platformThreads(String name) {
        AtomicInteger count = new AtomicInteger();
        // bounded by the count of busy tasks, not by the pool: a thread that is about to turn idle must not cost a send
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, name + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Lets idle threads end now and busy ones when their task is over. */
    @Override
    public synchronized void close() {
        if (executor != null) {
            executor.shutdown();
            executor = null;
        }
    }

    /** No thread is free for a send. */
    static final class AllBusyException extends RejectedExecutionException {
        private static final long serialVersionUID = 1;

        AllBusyException(int limit) {
            super("all " + limit + " sending threads are busy");
        }
    }
}
