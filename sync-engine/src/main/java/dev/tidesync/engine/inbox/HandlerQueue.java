package dev.tidesync.engine.inbox;

import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.ReceivedOperation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for a handler, and the handlers. Each operation has its turn when it is the first of its lane, a handler
 * for its kind is there, and a thread is free; one that failed comes back after a while and holds up nothing but its
 * lane.
 *
 * <p><b>Threads:</b> safe for use by many. Handlers run on threads of the executor, at most so many at a time, and none
 * while the lock is held.
 */
final class HandlerQueue {
    /** The inbox's side. */
    interface Source {
        ReceivedOperation read(Waiting waiting) throws IOException;

        /** Its handler has returned. */
        void handled(Waiting waiting);
    }

    /** Far enough for every delay to have reached its limit. */
    private static final int MOST_FAILURES_COUNTED = 1_000;

    private static final Logger log = LoggerFactory.getLogger(HandlerQueue.class);

    private final RetryPolicy retry;
    private final Executor threads;
    private final int mostRunning;
    private final BiConsumer<Duration, Runnable> timer;

    // Guarded by this:
    private final TreeMap<String, InboxHandler> handlers = new TreeMap<>();
    private final Deque<Waiting> ready = new ArrayDeque<>();
    private final Map<String, Deque<Waiting>> withoutHandler = new HashMap<>();
    private final Map<Long, Deque<Waiting>> lanes = new HashMap<>();
    private int running;
    private boolean stopped;

    /** A queue that runs at most so many handlers at a time; {@code timer} runs a task after a delay. */
    HandlerQueue(RetryPolicy retry, Executor threads, int mostRunning, BiConsumer<Duration, Runnable> timer) {
        this.retry = retry;
        this.threads = threads;
        this.mostRunning = mostRunning;
        this.timer = timer;
    }

    /** Takes what is durable now, in the order it came. */
    synchronized void add(Source source, Waiting waiting) {
        if (waiting.lane != Waiting.NO_LANE) {
            Deque<Waiting> lane = lanes.computeIfAbsent(waiting.lane, key -> new ArrayDeque<>());
            lane.add(waiting);
            if (lane.size() > 1) {
                return;
            }
        }
        makeReady(source, waiting);
    }

    private void makeReady(Source source, Waiting waiting) {
        if (handlerOf(waiting.kind).isEmpty()) {
            withoutHandler
                    .computeIfAbsent(waiting.kind, kind -> new ArrayDeque<>())
                    .add(waiting);
            return;
        }
        ready.add(waiting);
        if (running < mostRunning && !stopped) {
            running++;
            threads.execute(() -> work(source));
        }
    }

    private Optional<InboxHandler> handlerOf(String kind) {
        for (var entry = handlers.floorEntry(kind); entry != null; entry = handlers.lowerEntry(entry.getKey())) {
            if (kind.startsWith(entry.getKey())) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    synchronized void register(Source source, String kindPrefix, InboxHandler handler) {
        if (handlers.putIfAbsent(kindPrefix, handler) != null) {
            throw new IllegalStateException("kind prefix '" + kindPrefix
                    + "' has a handler already; close its registration first, or choose a longer prefix");
        }
        Map<String, Deque<Waiting>> unserved = new HashMap<>(withoutHandler);
        withoutHandler.clear();
        unserved.values().forEach(waiting -> waiting.forEach(one -> makeReady(source, one)));
    }

    synchronized void unregister(String kindPrefix, InboxHandler handler) {
        handlers.remove(kindPrefix, handler);
    }

    private void work(Source source) {
        boolean nothingLeft = false;
        try {
            for (Optional<Waiting> next = take(); next.isPresent(); next = take()) {
                handle(source, next.get());
            }
            nothingLeft = true;
        } finally {
            if (!nothingLeft) {
                leave();
            }
        }
    }

    private synchronized Optional<Waiting> take() {
        if (stopped || ready.isEmpty()) {
            leave();
            return Optional.empty();
        }
        return Optional.of(ready.remove());
    }

    private void handle(Source source, Waiting waiting) {
        Optional<InboxHandler> handler = handlerNow(waiting.kind);
        if (handler.isEmpty()) {
            againWhenServed(source, waiting);
            return;
        }
        try {
            handler.get().handle(source.read(waiting).withFailures(waiting.failures));
        } catch (Throwable failure) {
            retryLater(source, waiting, failure);
            if (failure instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            return;
        }
        finish(source, waiting);
    }

    private synchronized Optional<InboxHandler> handlerNow(String kind) {
        return handlerOf(kind);
    }

    private synchronized void againWhenServed(Source source, Waiting waiting) {
        makeReady(source, waiting);
    }

    private synchronized void leave() {
        running--;
        notifyAll();
    }

    private void finish(Source source, Waiting waiting) {
        try {
            source.handled(waiting);
        } catch (RuntimeException notNoted) {
            log.error(
                    "a handler has returned, but that could not be noted; it runs once more after the next opening",
                    notNoted);
            return;
        }
        leaveLane(source, waiting);
    }

    private synchronized void leaveLane(Source source, Waiting waiting) {
        if (waiting.lane == Waiting.NO_LANE) {
            return;
        }
        Deque<Waiting> lane = lanes.get(waiting.lane);
        if (lane == null || lane.remove() != waiting) {
            throw new AssertionError("only the first of a lane is handled");
        }
        if (lane.isEmpty()) {
            lanes.remove(waiting.lane);
        } else {
            makeReady(source, lane.element());
        }
    }

    private void retryLater(Source source, Waiting waiting, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.interrupted(); // the handler's own interrupt: the thread goes on with the next operation
        }
        Duration delay = retry.jitteredDelayFor(waiting.failures, Long.toHexString(waiting.key.low()));
        waiting.failures = Math.min(waiting.failures + 1, MOST_FAILURES_COUNTED);
        log.warn(
                "the handler of an operation of kind '{}' failed for the {}. time; it runs again in {} ms",
                waiting.kind,
                waiting.failures,
                delay.toMillis(),
                failure);
        timer.accept(delay, () -> againWhenServed(source, waiting));
    }

    /** Begins no further handler. */
    synchronized void halt() {
        stopped = true;
    }

    /** Begins no further handler and waits for those that run; false if some still do after that time. */
    synchronized boolean stop(Duration atMost) {
        stopped = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        for (long left = atMost.toNanos(); running > 0 && left > 0; left = deadline - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException noMoreWaiting) {
                interrupted = true;
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return running == 0;
    }
}
