package dev.tidesync.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The wish of a user or a supervisor that the process end: Ctrl-C or SIGTERM. The JVM goes down once this is closed,
 * and not before, so that what runs can come to a clean end.
 */
final class StopSignal implements AutoCloseable {
    /** Longer than the engine takes to stop, so that a signal never cuts it short. */
    private static final long STOP_SECONDS = 15;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    StopSignal() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "tidesync-signal"));
    }

    private void stopAndWait() {
        stop.countDown();
        try {
            stopped.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the process is told to end. */
    void await() throws InterruptedException {
        stop.await();
    }

    /** Counted down when the process is told to end. */
    CountDownLatch latch() {
        return stop;
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
