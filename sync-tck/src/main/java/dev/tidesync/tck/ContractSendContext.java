package dev.tidesync.tck;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** A first attempt as an engine would make it: with a deadline, a thread for work that blocks, and a way to cancel. */
final class ContractSendContext implements SendContext {
    private final long startNanos = System.nanoTime();
    private final Duration timeout;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final List<Runnable> onCancel = new CopyOnWriteArrayList<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    ContractSendContext(Duration timeout) {
        this.timeout = timeout;
    }

    /** Ends the attempt as an engine does when its deadline passes. */
    void cancel() {
        if (cancelled.compareAndSet(false, true)) {
            onCancel.forEach(Runnable::run);
            threads.forEach(Thread::interrupt);
        }
    }

    @Override
    public Duration timeLeft() {
        Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
        return cancelled() || left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public int attempt() {
        return 0;
    }

    @Override
    public boolean ambiguousBefore() {
        return false;
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }

    @Override
    public void onCancel(Runnable action) {
        onCancel.add(action);
        if (cancelled()) {
            action.run();
        }
    }

    @Override
    public Executor executor() {
        return task -> {
            Thread thread = new Thread(task, "contract-send");
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        };
    }
}
