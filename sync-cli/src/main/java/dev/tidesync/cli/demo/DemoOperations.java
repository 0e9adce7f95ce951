package dev.tidesync.cli.demo;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.EnqueueAnswer;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The demo's operations, and what the outbox says of them. */
final class DemoOperations {
    private static final int PAGE = 500;

    private DemoOperations() {}

    /** Enqueues operations that differ in their payload. Returns their ids, which are their idempotency keys too. */
    static List<String> enqueue(OutboxAccess outbox, String target, int count) {
        List<Operation> operations = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            operations.add(Operation.of("http.post", target, "operation-" + i));
        }
        return outbox.enqueueAll(operations).stream()
                .map(DemoOperations::requireId)
                .toList();
    }

    private static String requireId(EnqueueAnswer answer) {
        if (!answer.isAccepted()) {
            throw new IllegalStateException("the outbox refused an operation of the demo: " + answer.problem());
        }
        return answer.id();
    }

    /** Why operations wait and what that has cost them; empty as long as none says why. */
    static Optional<String> reasonForWaiting(OutboxAccess outbox) {
        List<Operation> waiting = new ArrayList<>(all(outbox, OperationStatus.PENDING));
        waiting.addAll(all(outbox, OperationStatus.FAILED));
        long charged = waiting.stream().mapToLong(Operation::attempt).sum();
        return waiting.stream()
                .map(Operation::lastError)
                .filter(error -> !error.isEmpty())
                .findFirst()
                .map(error -> waiting.size() + " operations wait, " + charged + " attempts are charged; last error: "
                        + error);
    }

    private static List<Operation> all(OutboxAccess outbox, OperationStatus status) {
        List<Operation> all = new ArrayList<>();
        List<Operation> page = outbox.page(status, "", PAGE);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = outbox.page(status, all.get(all.size() - 1).id(), PAGE);
        }
        return all;
    }

    static long delivered(OutboxAccess outbox) {
        return outbox.counts().getOrDefault(OperationStatus.DONE, 0L);
    }
}
