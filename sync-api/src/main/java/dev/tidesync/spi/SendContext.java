package dev.tidesync.spi;

import java.time.Duration;
import java.util.concurrent.Executor;

/** What the engine tells a transport about one attempt. Implemented by the engine; safe to use from any thread. */
@HostImplemented
public interface SendContext {
    /** How long the engine still waits for this attempt, measured on a clock that never jumps; zero once it is over. */
    Duration timeLeft();

    /** How many charged failures the operation has had before this attempt. */
    int attempt();

    /** Whether an earlier attempt ended without telling if the receiver had applied the operation. */
    boolean ambiguousBefore();

    /** Whether the engine has stopped waiting, since the deadline passed or it is shutting down. */
    boolean cancelled();

    /**
     * Runs {@code action} when the attempt is cancelled, or now, on the caller's thread, if it already is. It must not
     * block: an engine waits for it only moments, to learn whether it ends the attempt with a result that says that the
     * attempt never began. An action that throws is logged.
     */
    void onCancel(Runnable action);

    /** Where blocking work for this attempt belongs; its task is interrupted when the attempt is cancelled. */
    Executor executor();
}
