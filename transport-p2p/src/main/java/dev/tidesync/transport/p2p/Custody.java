package dev.tidesync.transport.p2p;

import dev.tidesync.spi.Enqueuer;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Refusals;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How much this node keeps for others, by who handed it in. What leaves is not noticed: the count only grows, and is
 * taken anew from the outbox when somebody seems to have reached the bound. So it errs towards too much, never towards
 * too little. Confined to the relay's thread.
 */
final class Custody {
    /** Counting reads everything that waits; asked too often it would be the most expensive part of passing on. */
    private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(10);

    private final Enqueuer outbox;
    private final P2pConfig.Relay bounds;
    private final LongSupplier nanoTime;
    private final Map<NodeId, Load> loads = new HashMap<>();
    private boolean counted;
    private long countedAt;

    Custody(Enqueuer outbox, P2pConfig.Relay bounds, LongSupplier nanoTime) {
        this.outbox = outbox;
        this.bounds = bounds;
        this.nanoTime = nanoTime;
    }

    private record Load(long operations, long bytes) {
        static final Load NONE = new Load(0, 0);

        Load and(long moreBytes) {
            return new Load(operations + 1, bytes + moreBytes);
        }

        boolean isWithin(P2pConfig.Relay bounds) {
            return operations <= bounds.operations() && bytes <= bounds.bytes();
        }
    }

    /** Counts one more from this peer, if there is room for it. */
    void admit(NodeId from, long sizeBytes) throws RefusedException {
        if (!counted || (!with(from, sizeBytes).isWithin(bounds) && isCountOld())) {
            count();
        }
        Load load = with(from, sizeBytes);
        if (!load.isWithin(bounds)) {
            throw new RefusedException(
                    Refusals.NO_RESOURCES, "this node keeps as much for you as it may", BETWEEN_COUNTS);
        }
        loads.put(from, load);
    }

    private Load with(NodeId from, long sizeBytes) {
        return loads.getOrDefault(from, Load.NONE).and(sizeBytes);
    }

    private boolean isCountOld() {
        return nanoTime.getAsLong() - countedAt >= BETWEEN_COUNTS.toNanos();
    }

    private void count() {
        loads.clear();
        outbox.eachUnfinished(Relaying.KIND, carrier -> {
            List<NodeId> path = Relaying.path(carrier);
            if (!path.isEmpty()) {
                NodeId from = path.get(path.size() - 1);
                loads.put(from, with(from, carrier.payloadSize()));
            }
        });
        counted = true;
        countedAt = nanoTime.getAsLong();
    }
}
