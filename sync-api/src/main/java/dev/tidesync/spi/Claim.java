package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import java.util.Objects;

/**
 * The right to send one operation once. Immutable.
 *
 * <p>Its token grows with every claim that the store hands out, also across restarts, so that the outcome of an older
 * claim can be told from that of a newer one (a fencing token: M. Kleppmann, "How to do distributed locking", 2016).
 */
public final class Claim {
    private final Operation operation;
    private final String owner;
    private final long token;
    private final boolean ambiguousBefore;

    /** A claim; the operation is IN_FLIGHT. A store without tokens passes 0. */
    public Claim(Operation operation, String owner, long token, boolean ambiguousBefore) {
        this.operation = Objects.requireNonNull(operation);
        this.owner = Objects.requireNonNull(owner);
        this.token = token;
        this.ambiguousBefore = ambiguousBefore;
    }

    /** What to send. */
    public Operation operation() {
        return operation;
    }

    /** Who may send it. */
    public String owner() {
        return owner;
    }

    /** Tells this claim from every other; 0 if the store has no tokens. */
    public long token() {
        return token;
    }

    /** Whether an earlier attempt may have been applied by the receiver although it failed. */
    public boolean ambiguousBefore() {
        return ambiguousBefore;
    }

    @Override
    public String toString() {
        return "Claim{" + operation.id() + " by " + owner + ", token " + token + "}";
    }
}
