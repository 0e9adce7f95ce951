package dev.tidesync.benchmarks;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.Settlement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The outbox of this project, used as an engine uses it. */
final class TidesyncPeer implements Peer {
    private final FileOutboxStore store;
    private final Outbox outbox;

    TidesyncPeer(Path directory) {
        store = Bench.open(directory, "outbox");
        outbox = new Outbox(store);
    }

    @Override
    public void enqueue(long number, byte[] operation) {
        outbox.enqueue(Operation.of("fake.send", "/", operation));
    }

    @Override
    public void live(long firstNumber, int count, byte[] operation) {
        List<Operation> batch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            batch.add(Operation.of("fake.send", "/", operation));
        }
        long nowMs = Bench.CLOCK.millis();
        outbox.enqueueAll(batch, nowMs);
        List<Claim> claims = store.claimReady(
                new ClaimRequest("peer", nowMs, count, (kind, destination) -> Admission.upTo(count)));
        store.settleAll(claims.stream().map(claim -> Settlement.delivered(claim, nowMs)).toList());
    }

    @Override
    public void close() {
        store.close();
    }
}
