package dev.tidesync.engine;

import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts the steps of the engine that works on it. */
final class CountingStore extends MemoryOutboxStore {
    private final AtomicInteger steps = new AtomicInteger();

    int steps() {
        return steps.get();
    }

    @Override
    public synchronized List<Claim> claimReady(ClaimRequest request) {
        steps.incrementAndGet();
        return super.claimReady(request);
    }
}
