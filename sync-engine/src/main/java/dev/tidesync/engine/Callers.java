package dev.tidesync.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls transports on threads of their own, so that no plugin's code ever runs on the thread that decides.
 *
 * <p>One caller makes the calls of a step one after another, in the step's order, while the step waits; calls that
 * return at once cost it two changes of threads a batch. When the step's patience is over, the transport that is being
 * called has been caught blocking: the caller is left to that call, another goes on with the rest, and from then on
 * each call of that transport has a thread of its own, for which nobody waits.
 *
 * <p><b>Threads:</b> {@link #run} by one thread at a time, the step's; the rest is safe for use by many.
 */
final class Callers implements AutoCloseable {
    /** How long a loop lets calls hold it up: well below any lease, well above what classes take to load. */
    static final Duration LOOP_PATIENCE = Duration.ofMillis(50);

    /** A tick waits for its sends anyway; a pause of the machine shall not change the order in which it sends. */
    static final Duration TICK_PATIENCE = Duration.ofSeconds(1);

    /** How often a step looks before it sleeps: most batches are over sooner than a thread can be woken. */
    private static final int LOOKS_OF_A_STEP = 100;

    /** How often a caller looks for the next batch: while much is to be sent, the next step is not far. */
    private static final int LOOKS_OF_A_CALLER = 200;

    private volatile long patienceNanos = TICK_PATIENCE.toNanos();

    // guarded by this
    private final Deque<SendTask> waiting = new ArrayDeque<>();
    private Optional<SendTask> current = Optional.empty();
    private int shift;

    /** Whether the caller of this shift is still there, at work or looking for some. */
    private boolean lingering;

    private @Nullable ExecutorService executor;

    /** Whether a caller is at work; written under the lock. */
    private volatile boolean atWork;

    /** How long {@link #run} waits for calls from now on. */
    void patience(Duration patience) {
        patienceNanos = patience.toNanos();
    }

    /**
     * Makes calls, in order, and returns when they have returned, at the latest when patience is over. If the thread is
     * interrupted, it returns at once and the calls go on.
     */
    void run(List<SendTask> calls) {
        List<SendTask> apart = new ArrayList<>();
        synchronized (this) {
            calls.forEach(call -> (call.belongsApart() ? apart : waiting).add(call));
            if (!atWork) {
                beginShift();
            }
        }
        apart.forEach(this::runApart);
        awaitReturn();
    }

    private synchronized void beginShift() {
        atWork = !waiting.isEmpty();
        if (atWork && !lingering) {
            int begun = ++shift;
            lingering = true;
            executor().execute(() -> work(begun));
        }
    }

    private void work(int ownShift) {
        do {
            for (Optional<SendTask> next = next(ownShift); next.isPresent(); next = next(ownShift)) {
                next.get().run();
            }
            look(LOOKS_OF_A_CALLER, true);
        } while (lingers(ownShift));
    }

    /** Gives way to other threads until a caller is at work, or is not any more, or for so many times. */
    @SuppressWarnings("ThreadPriorityCheck") // a scheduler that gives no way costs time, and nothing else
    private void look(int times, boolean forWork) {
        for (int look = 0; atWork != forWork && look < times; look++) {
            Thread.yield();
        }
    }

    /** Whether a caller has been given another batch; if not, it goes. */
    private synchronized boolean lingers(int ownShift) {
        if (ownShift != shift) {
            return false;
        }
        lingering = atWork;
        return lingering;
    }

    /** The next call of this shift; a caller that was left behind has none. */
    private synchronized Optional<SendTask> next(int ownShift) {
        if (ownShift != shift) {
            return Optional.empty();
        }
        current = Optional.ofNullable(waiting.poll());
        if (current.isEmpty()) {
            atWork = false;
            notifyAll();
        }
        return current;
    }

    private void awaitReturn() {
        look(LOOKS_OF_A_STEP, false);
        while (atWork && awaitReturn(System.nanoTime() + patienceNanos)) {
            leaveBehind().forEach(this::runApart);
        }
    }

    /** True if the time is over and a caller is still at work. */
    private synchronized boolean awaitReturn(long untilNanos) {
        try {
            long left = untilNanos - System.nanoTime();
            while (atWork && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = untilNanos - System.nanoTime();
            }
            return atWork;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Leaves a caller to the call it does not return from. Returns the waiting calls that now need their own threads.
     */
    private synchronized List<SendTask> leaveBehind() {
        if (current.isEmpty()) {
            // its thread has not begun yet, or has just ended
            return List.of();
        }
        current.get().doesNotReturn();
        current = Optional.empty();
        lingering = false;
        shift++;
        List<SendTask> apart = waiting.stream().filter(SendTask::belongsApart).toList();
        waiting.removeAll(apart);
        beginShift();
        return apart;
    }

    private void runApart(SendTask call) {
        try {
            call.apart(this::executor).execute(call);
        } catch (RejectedExecutionException notStarted) {
            call.notStarted(notStarted);
        }
    }

    private synchronized ExecutorService executor() {
        if (executor == null) {
            executor = SendThreads.platformThreads("tidesync-call-");
        }
        return executor;
    }

    /** Lets idle threads end now, busy ones when their call returns; the next call starts them anew. */
    @Override
    public synchronized void close() {
        if (executor != null) {
            executor.shutdown();
            executor = null;
        }
    }
}
