package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.InboxResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An inbox in memory that answers from a thread of its own, and does what an operation's payload asks of it:
 * {@code conflict}, {@code busy:3000}, {@code disk}, {@code silence}; anything else it takes, once per origin and key.
 */
final class TestInbox implements Inbox, AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread daemon = new Thread(task, "test-inbox");
        daemon.setDaemon(true);
        return daemon;
    });
    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private volatile boolean holding;
    final AtomicInteger asked = new AtomicInteger();
    final List<Operation> effects = new CopyOnWriteArrayList<>();
    final List<String> origins = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<InboxResult> accept(String origin, Operation operation) {
        asked.incrementAndGet();
        CompletableFuture<InboxResult> result = new CompletableFuture<>();
        Runnable answering = () -> thread.execute(() -> answer(origin, operation, result));
        if (holding) {
            held.add(answering);
        } else {
            answering.run();
        }
        return result;
    }

    private void answer(String origin, Operation operation, CompletableFuture<InboxResult> result) {
        String[] order = operation.payloadText().split(":", 2);
        switch (order[0]) {
            case "conflict" -> result.complete(InboxResult.refused(InboxResult.Outcome.CONFLICT, "as told"));
            case "busy" -> result.complete(InboxResult.busy("as told", Duration.ofMillis(Integer.parseInt(order[1]))));
            case "disk" -> result.completeExceptionally(new IllegalStateException("as told"));
            case "silence" -> {}
            default -> result.complete(take(origin, operation));
        }
    }

    private InboxResult take(String origin, Operation operation) {
        String key = origin + " " + operation.idempotencyKey();
        if (keys.putIfAbsent(key, operation.payloadText()) != null) {
            return InboxResult.duplicate();
        }
        origins.add(origin);
        effects.add(operation);
        return InboxResult.accepted();
    }

    /** Answers nothing until {@link #release}. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    int heldBack() {
        return held.size();
    }

    @Override
    public Registration onReceive(String kindPrefix, InboxHandler handler) {
        throw new UnsupportedOperationException("the tests look at the effects");
    }

    @Override
    public void whenOpen(Runnable start) {
        start.run();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
