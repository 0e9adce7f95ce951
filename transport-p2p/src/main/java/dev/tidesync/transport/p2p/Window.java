package dev.tidesync.transport.p2p;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The deliveries that were sent and are not acknowledged, bounded in number and bytes. A frame that is larger than the
 * bound goes alone. Confined to the loop.
 */
final class Window {
    private final Map<Long, Delivery> byAckId = new LinkedHashMap<>();
    private long bytes;

    /** Whether one more frame of this length may go now. */
    boolean admits(int sizeBytes, Link link) {
        return byAckId.isEmpty()
                || (byAckId.size() < link.windowOperations() && bytes + sizeBytes <= link.windowBytes());
    }

    void add(Delivery delivery) {
        byAckId.put(delivery.ackId(), delivery);
        bytes += delivery.sizeBytes();
    }

    /** Takes out the delivery with this number, if it is here. */
    Optional<Delivery> take(long ackId) {
        Delivery delivery = byAckId.remove(ackId);
        if (delivery != null) {
            bytes -= delivery.sizeBytes();
        }
        return Optional.ofNullable(delivery);
    }

    /** Takes out this very delivery; false if it is not here. */
    boolean remove(Delivery delivery) {
        boolean removed = byAckId.remove(delivery.ackId(), delivery);
        bytes -= removed ? delivery.sizeBytes() : 0;
        return removed;
    }

    /** Takes out everything, in the order it was sent. */
    List<Delivery> takeAll() {
        List<Delivery> all = new ArrayList<>(byAckId.values());
        byAckId.clear();
        bytes = 0;
        return all;
    }
}
