package dev.tidesync.engine.plugin;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A plugin's code at work on a daemon thread of its own, so that whoever needs its answer can stop waiting for it. Code
 * that is given up is interrupted; if it ignores that, its thread is left behind. Safe for use by many threads.
 */
final class BoundedCall<T> {
    /** The code has not returned in time. */
    static final class OverdueException extends Exception {
        private static final long serialVersionUID = 1;

        OverdueException(String what, Duration bound) {
            super("has not returned from " + what + " within " + bound.toMillis() + " ms");
        }
    }

    private final String what;
    private final Thread thread;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private BoundedCall(String what, String threadName, Callable<T> code) {
        this.what = what;
        this.thread = new Thread(() -> run(code), threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts the code of this owner, called {@code what} in the words for people, such as {@code create}. */
    static <T> BoundedCall<T> start(String what, String owner, Callable<T> code) {
        return new BoundedCall<>(what, "tidesync-plugin-" + owner, code);
    }

    private void run(Callable<T> code) {
        try {
            answer.complete(code.call());
        } catch (Throwable failure) {
            answer.completeExceptionally(failure);
        }
    }

    /**
     * The code's answer.
     *
     * @param bound how long to wait; {@code late} gets an answer that comes after that
     * @throws OverdueException if there is none in time
     * @throws Exception whatever the code threw; its errors are thrown as they are
     */
    T await(Duration bound, Consumer<T> late) throws Exception {
        try {
            return answer.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException overdue) {
            giveUp(late);
            throw new OverdueException(what, bound);
        } catch (InterruptedException interrupted) {
            giveUp(late);
            Thread.currentThread().interrupt();
            throw interrupted;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw failure.getCause() instanceof Exception cause ? cause : failure;
        }
    }

    private void giveUp(Consumer<T> late) {
        var unused = answer.thenAccept(late);
        thread.interrupt();
    }
}
