package dev.tidesync.benchmarks;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Whole deliveries, claim to done, of operations that were waiting; the transport itself costs nothing. */
final class Delivery {
    private static final int COUNT = 20_000;

    private Delivery() {}

    static void run(Path directory) throws Exception {
        FakeTransport transport = new FakeTransport();
        double bare = Rate.median(() -> callBare(transport));
        Rate.print("the fake transport alone", bare);
        try (FileOutboxStore store = Bench.open(directory, "outbox");
                SyncEngine engine = Bench.engine(store, "fake.", transport)) {
            drain(engine, store, 5_000);
            double rate = Rate.median(() -> drain(engine, store, COUNT));
            Rate.print("deliveries through it (includes enqueueAll)", rate, bare);
        }
    }

    private static int callBare(FakeTransport transport) throws Exception {
        for (int i = 0; i < COUNT; i++) {
            transport.send(Bench.operation("fake.send", "/"));
        }
        return COUNT;
    }

    static int drain(SyncEngine engine, FileOutboxStore store, int count) {
        Bench.fill(engine.outbox(), count, "fake.send", "/");
        engine.start();
        awaitDrained(store);
        engine.stop();
        return count;
    }

    static void awaitDrained(OutboxStore store) {
        while (unfinished(store) > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long unfinished(OutboxStore store) {
        return store.counts().entrySet().stream()
                .filter(count -> !count.getKey().isFinal())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
