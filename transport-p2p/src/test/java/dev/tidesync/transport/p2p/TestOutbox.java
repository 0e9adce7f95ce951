package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.Enqueuer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** An outbox in memory, which is sent when a test says so. */
final class TestOutbox implements Enqueuer {
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    @Override
    public synchronized CompletionStage<Operation> enqueue(Operation operation) {
        Operation standing = operations.putIfAbsent(operation.id(), operation);
        return CompletableFuture.completedFuture(standing == null ? operation : standing);
    }

    @Override
    public void eachUnfinished(String kind, Consumer<Operation> visitor) {
        unfinished().stream().filter(operation -> operation.kind().equals(kind)).forEach(visitor);
    }

    synchronized List<Operation> unfinished() {
        return operations.values().stream()
                .filter(operation -> !operation.status().isFinal())
                .toList();
    }

    synchronized int size() {
        return operations.size();
    }

    /** Sends what waits, once, and notes what was delivered or refused for good. */
    List<SendResult> sendAll(Function<Operation, SendResult> send) {
        List<SendResult> results = new ArrayList<>();
        for (Operation operation : unfinished()) {
            SendResult result = send.apply(operation);
            results.add(result);
            if (!result.retryable()) {
                end(operation, result.ok() ? OperationStatus.DONE : OperationStatus.PERMANENT_FAILED);
            }
        }
        return results;
    }

    synchronized void end(Operation operation, OperationStatus status) {
        operations.put(
                operation.id(), Operation.restore(operation).status(status).build());
    }
}
