package dev.tidesync.engine;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's code at work for one send, on a thread of the engine's. Cancelling interrupts it while it runs, and never
 * the work that the thread does after it. Safe for use by many threads.
 */
final class SendTask implements Runnable {
    /** What the code is asked to do. */
    enum Purpose {
        /** Begin to send: {@code sendAsync}. */
        CALL,
        /** Send, and block meanwhile: what was given to {@link Delivery#executor()}. */
        WORK,
        /** Abort: what was given to {@link Delivery#onCancel}. */
        CANCELLATION
    }

    private final Delivery delivery;
    private final Purpose purpose;
    private final Runnable work;

    // guarded by this
    private @Nullable Thread runner;
    private boolean cancelled;

    SendTask(Delivery delivery, Purpose purpose, Runnable work) {
        this.delivery = delivery;
        this.purpose = purpose;
        this.work = work;
    }

    @Override
    public void run() {
        if (purpose == Purpose.CALL) {
            delivery.load().callBegun();
        }
        long begunNanos = System.nanoTime();
        try {
            if (begin()) {
                PluginCall.run(delivery.transport(), work);
            }
        } catch (Throwable failure) {
            delivery.threw(failure);
        } finally {
            end();
            delivery.ended(this);
        }
        if (purpose == Purpose.CALL) {
            delivery.load().callReturned(System.nanoTime() - begunNanos);
        }
    }

    private synchronized boolean begin() {
        runner = Thread.currentThread();
        return !cancelled;
    }

    private synchronized void end() {
        runner = null;
        // an interrupt meant for this work must not reach the next one
        Thread.interrupted();
    }

    synchronized void cancel() {
        cancelled = true;
        if (runner != null) {
            runner.interrupt();
        }
    }

    /** There is no thread for it. */
    void notStarted(Throwable failure) {
        delivery.ended(this);
        delivery.threw(failure);
    }

    /** Whether it must not share a thread with others, since its transport has been caught blocking in such code. */
    boolean belongsApart() {
        return switch (purpose) {
            case CALL -> delivery.load().callsBlock();
            case WORK -> true;
            case CANCELLATION -> delivery.load().cancellationsBlock();
        };
    }

    /** Notes that its transport blocks where it was asked not to. */
    void doesNotReturn() {
        switch (purpose) {
            case CALL -> delivery.load().callDoesNotReturn();
            case CANCELLATION -> delivery.load().cancellationDoesNotReturn();
            case WORK -> throw new AssertionError("work that may block is waited for");
        }
    }

    /**
     * Where it has a thread of its own: a send counts among those that block, to abort one there is always a thread.
     */
    Executor apart(Supplier<? extends Executor> unbounded) {
        return purpose == Purpose.CANCELLATION
                ? unbounded.get()
                : delivery.load().threads()::execute;
    }
}
