package dev.tidesync.engine.inbox;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one inbox: those that run handlers, which end when idle, and two for what happens later, of which one
 * may be tidying up.
 */
final class InboxThreads {
    private static final long IDLE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(2, daemons("tidesync-inbox-timer"), new ThreadPoolExecutor.DiscardPolicy());
    private final ThreadPoolExecutor handlers;

    /** Threads for so many handlers at a time. */
    InboxThreads(int most) {
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        handlers = new ThreadPoolExecutor(
                most,
                most,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                daemons("tidesync-inbox-handler"));
        handlers.allowCoreThreadTimeOut(true);
    }

    /** Where handlers run. */
    Executor handlers() {
        return handlers;
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Runs a task later; never, once this is closed. */
    void after(Duration delay, Runnable task) {
        Future<?> unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Starts nothing more. Handlers that run end by themselves. */
    void close() {
        timer.shutdown();
        handlers.shutdown();
    }
}
