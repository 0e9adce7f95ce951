package dev.tidesync.transport.http;

import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The engine's part in one attempt, as a test sets it. */
final class AttemptContext implements SendContext {
    private final CompletableFuture<Void> cancellation = new CompletableFuture<>();
    private Duration timeLeft = Duration.ofMinutes(1);
    private int attempt;
    private boolean ambiguousBefore;

    AttemptContext timeLeft(Duration value) {
        timeLeft = value;
        return this;
    }

    AttemptContext attempt(int value) {
        attempt = value;
        return this;
    }

    AttemptContext afterAmbiguous() {
        ambiguousBefore = true;
        return this;
    }

    void cancel() {
        cancellation.complete(null);
    }

    @Override
    public Duration timeLeft() {
        return timeLeft;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean ambiguousBefore() {
        return ambiguousBefore;
    }

    @Override
    public boolean cancelled() {
        return cancellation.isDone();
    }

    @Override
    public void onCancel(Runnable action) {
        var unused = cancellation.thenRun(action);
    }

    @Override
    public Executor executor() {
        throw new AssertionError("an asynchronous transport needs no thread of the engine's");
    }
}
