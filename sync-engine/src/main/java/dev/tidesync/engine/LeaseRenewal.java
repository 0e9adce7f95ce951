package dev.tidesync.engine;

import dev.tidesync.spi.Claim;
import dev.tidesync.spi.OutboxStore;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

/**
 * Renews the leases of what is under way, often enough that none runs out, and not at every step: to a store that
 * others share, each time is a journey. Confined to the engine's step.
 */
final class LeaseRenewal {
    /** With a step at least every third of a lease, no lease grows older than seven twelfths of its time. */
    private static final int TIMES_A_LEASE = 4;

    private final OutboxStore store;
    private final long restMs;
    private long renewedAtMs;

    LeaseRenewal(OutboxStore store, Duration lease) {
        this.store = store;
        this.restMs = lease.toMillis() / TIMES_A_LEASE;
    }

    /** @param nowMs the wall clock; when it has gone back, leases begin anew */
    void renewIfDue(Supplier<? extends Collection<Claim>> running, long nowMs) {
        if (nowMs < renewedAtMs || nowMs - renewedAtMs >= restMs) {
            store.renewLeases(running.get(), nowMs);
            renewedAtMs = nowMs;
        }
    }
}
