package dev.tidesync.transport.fake;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The context of a first attempt, which a test may cancel. */
final class Attempt implements SendContext {
    private final List<Runnable> onCancel = new ArrayList<>();
    private boolean cancelled;

    void cancel() {
        cancelled = true;
        onCancel.forEach(Runnable::run);
    }

    @Override
    public Duration timeLeft() {
        return Duration.ofMinutes(1);
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
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        onCancel.add(action);
    }

    @Override
    public Executor executor() {
        return Runnable::run;
    }
}
