package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A transport whose sends block: to a destination that is held until it is let go, to others not at all. */
final class BlockingTransport implements ISyncTransport {
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();

    void hold(String target) {
        held.put(target, new CountDownLatch(1));
    }

    void letGo(String target) {
        CountDownLatch latch = held.remove(target);
        if (latch != null) {
            latch.countDown();
        }
    }

    int calls() {
        return calls.get();
    }

    int underWay() {
        return underWay.get();
    }

    int mostUnderWay() {
        return mostUnderWay.get();
    }

    @Override
    public SendResult send(Operation operation) throws InterruptedException {
        calls.incrementAndGet();
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try {
            CountDownLatch latch = held.get(operation.target());
            if (latch != null) {
                latch.await();
            }
            return SendResult.delivered();
        } finally {
            underWay.decrementAndGet();
        }
    }
}
