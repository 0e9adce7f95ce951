package dev.tidesync.transport.http;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.Executor;

/** The context of an attempt that only its caller waits for: nothing but the call timeout bounds it. */
record LoneContext(int attempt) implements SendContext {
    @Override
    public Duration timeLeft() {
        return Duration.ofDays(1);
    }

    @Override
    public boolean ambiguousBefore() {
        return false;
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    /** Never runs: no engine is there to cancel the attempt. */
    @Override
    public void onCancel(Runnable action) {}

    @Override
    public Executor executor() {
        return Runnable::run;
    }
}
