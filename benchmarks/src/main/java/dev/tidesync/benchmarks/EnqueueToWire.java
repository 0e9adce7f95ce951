package dev.tidesync.benchmarks;

import dev.tidesync.api.SendResult;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.SynchronousQueue;

/** How long after the call to enqueue the transport is called, in an engine that was idle. */
final class EnqueueToWire {
    private static final int WARM_UP = 500;
    private static final int MEASURED = 2_000;

    private EnqueueToWire() {}

    static void run(Path directory) throws Exception {
        SynchronousQueue<Long> sentAt = new SynchronousQueue<>();
        try (FileOutboxStore store = Bench.open(directory, "outbox");
                SyncEngine engine = Bench.engine(store, "fake.", operation -> {
                    sentAt.put(System.nanoTime());
                    return SendResult.delivered();
                })) {
            engine.start();
            long[] nanos = new long[WARM_UP + MEASURED];
            for (int i = 0; i < nanos.length; i++) {
                long begun = System.nanoTime();
                engine.enqueue(Bench.operation("fake.send", "/"));
                nanos[i] = sentAt.take() - begun;
            }
            long[] measured = Arrays.copyOfRange(nanos, WARM_UP, nanos.length);
            Arrays.sort(measured);
            System.out.printf(
                    Locale.ROOT,
                    "  enqueue to transport, the force included: p50 %,d µs, p99 %,d µs, max %,d µs%n",
                    measured[MEASURED / 2] / 1_000,
                    measured[MEASURED * 99 / 100] / 1_000,
                    measured[MEASURED - 1] / 1_000);
        }
    }
}
