package dev.tidesync.transport.ws;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The deliveries that were sent and are not acknowledged, bounded in number and bytes. A message that is larger than
 * the bound goes alone. Confined to the loop.
 */
final class Window {
    private final int maxOperations;
    private final long maxBytes;
    private final Map<Long, Delivery> byAckId = new LinkedHashMap<>();
    private long bytes;

    Window(int maxOperations, long maxBytes) {
        this.maxOperations = maxOperations;
        this.maxBytes = maxBytes;
    }

    /** Whether one more message of this length may go now. */
    boolean admits(int sizeBytes) {
        return byAckId.isEmpty() || (byAckId.size() < maxOperations && bytes + sizeBytes <= maxBytes);
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

    Optional<Delivery> takeLargest() {
        return byAckId.values().stream()
                .max(Comparator.comparingInt(Delivery::sizeBytes))
                .filter(this::remove);
    }

    /** Takes out everything, in the order it was sent. */
    List<Delivery> takeAll() {
        List<Delivery> all = new ArrayList<>(byAckId.values());
        byAckId.clear();
        bytes = 0;
        return all;
    }

    int size() {
        return byAckId.size();
    }

    boolean isEmpty() {
        return byAckId.isEmpty();
    }
}
