package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import java.util.HashSet;
import java.util.Set;

/** The other side. It never crashes, and applies what arrives once by idempotency key. */
final class Receiver {
    private final Set<String> keys = new HashSet<>();
    private final Oracle oracle;

    Receiver(Oracle oracle) {
        this.oracle = oracle;
    }

    void receive(Operation operation) {
        if (keys.add(operation.idempotencyKey())) {
            oracle.applied(operation);
        }
    }
}
