package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.Settlement;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** An operation's whole life on disk, in batches and in order: durable enqueue, claim, done. */
final class WholeLife {
    private static final int BATCH = 64;
    private static final int BATCHES = 200;
    private static final int OWN_BYTES = "fake.send".length() + "/".length() + Bench.PAYLOAD_BYTES;

    private WholeLife() {}

    static void run(Path directory) throws Exception {
        try (FileOutboxStore store = Bench.open(directory, "life")) {
            Outbox outbox = new Outbox(store);
            Rate.print("enqueue, claim and done, in batches of " + BATCH, Rate.median(() -> live(store, outbox)));
        }
        try (FileOutboxStore store = Bench.open(directory, "bytes")) {
            live(store, new Outbox(store));
        }
        double bytes = (double) DurableEnqueue.logBytes(directory, "bytes") / (BATCH * BATCHES);
        System.out.printf(
                Locale.ROOT, "  bytes written per operation beyond its own %d: %.1f%n", OWN_BYTES, bytes - OWN_BYTES);
    }

    private static int live(FileOutboxStore store, Outbox outbox) {
        for (int i = 0; i < BATCHES; i++) {
            Bench.fill(outbox, BATCH, "fake.send", "/");
            long nowMs = Bench.CLOCK.millis();
            List<Claim> claims = store.claimReady(
                    new ClaimRequest(store.defaultOwner(), nowMs, BATCH, (kind, destination) -> Admission.upTo(BATCH)));
            if (claims.size() != BATCH) {
                throw new IllegalStateException("expected " + BATCH + " claims but got " + claims.size());
            }
            store.settleAll(claims.stream()
                    .map(claim -> Settlement.delivered(claim, nowMs))
                    .toList());
        }
        return BATCH * BATCHES;
    }
}
