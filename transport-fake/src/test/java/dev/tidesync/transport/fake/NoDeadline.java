package dev.tidesync.transport.fake;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The context of a first attempt that nobody cancels. */
final class NoDeadline implements SendContext {
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
        return false;
    }

    @Override
    public void onCancel(Runnable action) {
        // Never cancelled, so there is nothing to run.
    }

    @Override
    public Executor executor() {
        return Runnable::run;
    }
}
