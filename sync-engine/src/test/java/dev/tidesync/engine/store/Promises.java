package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a store has promised of each operation, and what it may show after a fault: of changes that were not forced, or
 * that were under way, either state.
 */
final class Promises {
    private static final class Promise {
        private final Operation submitted;
        private final Set<OperationStatus> possible = EnumSet.of(OperationStatus.PENDING);
        private OperationStatus now = OperationStatus.PENDING;
        private boolean acknowledged;
        private boolean mayBeForgotten;

        Promise(Operation submitted) {
            this.submitted = submitted;
        }
    }

    private final Map<String, Promise> promises = new TreeMap<>();

    void asked(Operation operation) {
        promises.put(operation.id(), new Promise(operation));
    }

    /** The enqueue returned, so it and all that was logged before is on disk. */
    void acknowledged(String id) {
        promise(id).acknowledged = true;
        everythingIsForced();
    }

    /** The operation is about to take a status. */
    void mayBecome(String id, OperationStatus status) {
        promise(id).possible.add(status);
    }

    /** The operation has taken a status, which is logged and may not be forced. */
    void became(String id, OperationStatus status) {
        promise(id).now = status;
    }

    boolean isNow(String id, OperationStatus status) {
        return promise(id).now == status;
    }

    /** Operations with this status are about to be forgotten. */
    void mayForget(OperationStatus status) {
        promises.values().stream()
                .filter(promise -> promise.possible.contains(status))
                .forEach(promise -> promise.mayBeForgotten = true);
    }

    /** A force covers everything that was logged before it. */
    void everythingIsForced() {
        promises.values().forEach(promise -> {
            promise.possible.clear();
            promise.possible.add(promise.now);
        });
    }

    /** What is wrong with the operations that a store shows after a fault; it is held to them from then on. */
    List<String> takeOver(Map<String, Operation> shown) {
        List<String> broken = new ArrayList<>();
        shown.keySet().stream()
                .filter(id -> !promises.containsKey(id))
                .forEach(id -> broken.add("'" + id + "' is there and was never enqueued, or was forgotten before"));
        promises.forEach((id, promise) -> {
            if (shown.containsKey(id)) {
                compare(promise, shown.get(id), broken);
            } else if (promise.acknowledged && !promise.mayBeForgotten) {
                broken.add("'" + id + "' was acknowledged and is gone");
            }
        });
        promises.keySet().retainAll(shown.keySet());
        everythingIsForced();
        return broken;
    }

    private static void compare(Promise promise, Operation shown, List<String> broken) {
        Operation submitted = promise.submitted;
        if (!shown.payloadText().equals(submitted.payloadText())
                || !shown.target().equals(submitted.target())
                || !shown.orderingKey().equals(submitted.orderingKey())) {
            broken.add("'" + submitted.id() + "' is not what was enqueued: " + shown);
        }
        if (!promise.possible.contains(shown.status())) {
            broken.add("'" + submitted.id() + "' is " + shown.status() + " and can only be " + promise.possible);
        }
        promise.acknowledged = true;
        promise.mayBeForgotten = false;
        promise.now = shown.status();
    }

    private Promise promise(String id) {
        Promise promise = promises.get(id);
        if (promise == null) {
            throw new AssertionError("nothing was promised of '" + id + "'");
        }
        return promise;
    }
}
