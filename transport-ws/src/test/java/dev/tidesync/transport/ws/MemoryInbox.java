package dev.tidesync.transport.ws;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxHandler;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.ReceivedOperation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** An inbox that keeps operations in memory, and whose disk a test can stop, fill and break. */
final class MemoryInbox implements Inbox {
    final List<ReceivedOperation> accepted = new CopyOnWriteArrayList<>();
    private final Map<String, Operation> known = new HashMap<>();
    private final List<Runnable> held = new CopyOnWriteArrayList<>();
    private volatile boolean holding;
    private volatile boolean full;
    private volatile boolean broken;

    /** Commits nothing until {@link #release}. */
    void hold() {
        holding = true;
    }

    void release() {
        holding = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    /** How many operations wait for the disk. */
    int holds() {
        return held.size();
    }

    void fill() {
        full = true;
    }

    void breakDisk() {
        broken = true;
    }

    @Override
    public CompletionStage<InboxResult> accept(String origin, Operation operation) {
        if (broken) {
            return CompletableFuture.failedFuture(new OutboxStoreException("the disk is broken"));
        }
        CompletableFuture<InboxResult> answer = new CompletableFuture<>();
        Runnable commit = () -> answer.complete(commit(origin, operation));
        if (holding) {
            held.add(commit);
        } else {
            commit.run();
        }
        return answer;
    }

    private synchronized InboxResult commit(String origin, Operation operation) {
        if (full) {
            return InboxResult.busy("full", Duration.ofMillis(700));
        }
        if (operation.idempotencyKey().isEmpty()) {
            return InboxResult.refused(Outcome.INVALID, "no key");
        }
        Operation before = known.putIfAbsent(origin + " " + operation.idempotencyKey(), operation);
        if (before == null) {
            accepted.add(ReceivedOperation.of(origin, operation, 1));
            return InboxResult.accepted();
        }
        return before.payloadText().equals(operation.payloadText())
                ? InboxResult.duplicate()
                : InboxResult.refused(Outcome.CONFLICT, "used before");
    }

    @Override
    public Registration onReceive(String kindPrefix, InboxHandler handler) {
        throw new UnsupportedOperationException("tests look at what was accepted");
    }

    @Override
    public void whenOpen(Runnable start) {
        start.run();
    }
}
