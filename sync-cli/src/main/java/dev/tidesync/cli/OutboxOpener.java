package dev.tidesync.cli;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.control.RemoteOutboxAccess;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Opens an outbox for a command. If a long-lived process holds it, the command works through that process's control
 * socket; if a short-lived one does, it waits its turn.
 */
final class OutboxOpener {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Installation installation;
    private final String holder;

    /** Opens outboxes as {@code holder}, which is what others are told meanwhile. */
    OutboxOpener(Installation installation, String holder) {
        this.installation = installation;
        this.holder = holder;
    }

    /**
     * Opens it here or there.
     *
     * @throws OutboxStoreException if it cannot be opened, or is held for too long; names the holder
     */
    OutboxAccess open() {
        return whenFree(
                () -> connect().<OutboxAccess>map(remote -> remote).orElseGet(() -> installation.openOutbox(holder)));
    }

    /**
     * Opens it here, with an engine that delivers what is in it.
     *
     * @throws OutboxStoreException if it cannot be opened, or is held; names the holder
     */
    SyncEngine openEngine() {
        return whenFree(() -> {
            connect().ifPresent(this::refuse);
            return installation.openEngine(holder);
        });
    }

    private void refuse(RemoteOutboxAccess held) {
        try (held) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the outbox in " + installation.dataDirectory() + " is in use by " + held.holder()
                            + "; stop it, or use another directory");
        }
    }

    private <T> T whenFree(Supplier<T> opening) {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return opening.get();
            } catch (OutboxStoreException failure) {
                if (failure.reason() != OutboxStoreException.Reason.IN_USE || System.nanoTime() - giveUpAt > 0) {
                    throw failure;
                }
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    /** Reaches the outbox through the process that holds it; empty if none listens. */
    Optional<RemoteOutboxAccess> connect() {
        try {
            return RemoteOutboxAccess.connect(installation.dataDirectory());
        } catch (IOException unreadable) {
            throw new OutboxStoreException(
                    "cannot read control.json in " + installation.dataDirectory() + ": " + unreadable
                            + "; make the directory readable",
                    unreadable);
        }
    }
}
