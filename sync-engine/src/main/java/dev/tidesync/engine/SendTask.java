package dev.tidesync.engine;

import org.jspecify.annotations.Nullable;

/**
 * Blocking work of one send, on a thread of the engine's. Cancelling interrupts it while it runs, and never the work
 * that the thread does after it. Safe for use by many threads.
 */
final class SendTask implements Runnable {
    private final Delivery delivery;
    private final Runnable work;

    // guarded by this
    private @Nullable Thread runner;
    private boolean cancelled;

    SendTask(Delivery delivery, Runnable work) {
        this.delivery = delivery;
        this.work = work;
    }

    @Override
    public void run() {
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
}
