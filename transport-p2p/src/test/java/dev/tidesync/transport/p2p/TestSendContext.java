package dev.tidesync.transport.p2p;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.Executor;

/** An attempt that is never cancelled. */
final class TestSendContext implements SendContext {
    @Override
    public Duration timeLeft() {
        return Duration.ofSeconds(30);
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
    public void onCancel(Runnable action) {}

    @Override
    public Executor executor() {
        return Runnable::run;
    }
}
