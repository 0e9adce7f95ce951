package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.inbox.FileInbox;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.InboxResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine's inbox, which has files only once somebody receives. Transports are made before the engine holds its data
 * directory, so it begins closed: those that receive leave word what to start.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class EngineInbox implements Inbox, AutoCloseable {
    private enum State {
        ASSEMBLING,
        OPEN,
        CLOSED
    }

    private final Supplier<FileInbox.Config> config;

    // Guarded by this:
    private final List<Runnable> starts = new ArrayList<>();
    private State state = State.ASSEMBLING;
    private @Nullable FileInbox files;

    /** An inbox that will lie where the configuration says; it is asked for when the inbox is first used. */
    EngineInbox(Supplier<FileInbox.Config> config) {
        this.config = config;
    }

    /**
     * The engine holds its data directory now: starts everyone who receives.
     *
     * @throws dev.tidesync.spi.OutboxStoreException if somebody receives and the inbox's files cannot be opened
     */
    void open() {
        List<Runnable> receivers;
        synchronized (this) {
            state = State.OPEN;
            receivers = List.copyOf(starts);
            starts.clear();
        }
        receivers.forEach(this::start);
    }

    private void start(Runnable receiver) {
        files();
        receiver.run();
    }

    @Override
    public void whenOpen(Runnable start) {
        if (!isDeferred(start)) {
            start(start);
        }
    }

    private synchronized boolean isDeferred(Runnable start) {
        return state == State.ASSEMBLING && starts.add(start);
    }

    @Override
    public CompletionStage<InboxResult> accept(String origin, Operation operation) {
        Optional<FileInbox> open = filesIfOpen();
        return open.isPresent()
                ? open.get().accept(origin, operation)
                : CompletableFuture.completedFuture(
                        InboxResult.busy("the receiving engine is not open", Duration.ofSeconds(1)));
    }

    private synchronized Optional<FileInbox> filesIfOpen() {
        return state == State.OPEN ? Optional.of(files()) : Optional.empty();
    }

    @Override
    public Registration onReceive(String kindPrefix, InboxHandler handler) {
        return files().onReceive(kindPrefix, handler);
    }

    private synchronized FileInbox files() {
        if (state != State.OPEN) {
            throw new IllegalStateException(
                    state == State.CLOSED
                            ? "the engine is closed"
                            : "the inbox is not open yet; register handlers once the engine is open, or in whenOpen");
        }
        if (files == null) {
            files = FileInbox.open(config.get());
        }
        return files;
    }

    @Override
    public void close() {
        Optional<FileInbox> open;
        synchronized (this) {
            state = State.CLOSED;
            open = Optional.ofNullable(files);
        }
        open.ifPresent(FileInbox::close);
    }
}
