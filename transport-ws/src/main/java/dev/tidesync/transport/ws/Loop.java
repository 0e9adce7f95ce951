package dev.tidesync.transport.ws;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the state of all destinations of a transport; everything that happens to them is a task
 * here, run in order. Tasks must not block. Its methods may be called from any thread.
 */
final class Loop {
    /** Something that will happen later unless it is stopped. */
    interface Timer {
        /** Nothing that will happen. */
        Timer NONE = () -> {};

        void stop();
    }

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    private final ScheduledThreadPoolExecutor executor;
    private volatile boolean stopping;
    private volatile @Nullable Thread thread;

    Loop(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> thread = daemon(task, threadName));
        executor.setRemoveOnCancelPolicy(true);
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs the task soon; false if the loop has stopped and the task will not run. */
    boolean execute(Runnable task) {
        try {
            executor.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Runs the task later. Only for tasks of the loop itself. */
    Timer schedule(Duration delay, Runnable task) {
        Future<?> scheduled = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** A task that fails is a bug; it must neither vanish nor stop the others. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | AssertionError bug) {
                log.error("a task of the WebSocket transport failed; this is a bug, please report it", bug);
            }
        };
    }

    /** Takes no further tasks, and ends once those that are scheduled have run. */
    void stop() {
        stopping = true;
        executor.shutdown();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    boolean stopping() {
        return stopping;
    }

    /** Waits until the thread has ended, at most this long. */
    void awaitEnd(Duration atMost) {
        try {
            if (!executor.awaitTermination(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                log.warn("the WebSocket transport still closes connections after {}", atMost);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
