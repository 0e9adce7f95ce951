package dev.tidesync.benchmarks;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;
import java.util.Locale;

/** What one more operation costs when 1,000 and when 100,000 wait before it. */
final class Backlog {
    private static final int MEASURED = 2_000;

    private Backlog() {}

    static void run(Path directory) throws Exception {
        double[] small = cost(directory, "small", 1_000);
        double[] large = cost(directory, "large", 100_000);
        print("enqueue", small[0], large[0]);
        print("deliver (tick of 256)", small[1], large[1]);
    }

    private static double[] cost(Path directory, String name, int backlog) throws Exception {
        try (FileOutboxStore store = Bench.open(directory, name);
                SyncEngine engine = Bench.engine(store, "fake.", new FakeTransport())) {
            Bench.fill(engine.outbox(), backlog + 2 * MEASURED, "fake.send", "/");
            tick(engine);
            double enqueue = 1e6 / Rate.median(() -> enqueue(engine));
            double deliver = 1e6 / Rate.median(() -> tick(engine));
            return new double[] {enqueue, deliver};
        }
    }

    private static int enqueue(SyncEngine engine) {
        for (int i = 0; i < MEASURED / 5; i++) {
            engine.enqueue(Bench.operation("fake.send", "/"));
        }
        return MEASURED / 5;
    }

    private static int tick(SyncEngine engine) {
        int sent = 0;
        while (sent < MEASURED / 5) {
            sent += engine.tick(Bench.CLOCK.millis());
        }
        return sent;
    }

    private static void print(String what, double small, double large) {
        System.out.printf(
                Locale.ROOT,
                "  %-30s %8.1f µs at 1,000 waiting, %8.1f µs at 100,000: %.2f times%n",
                what,
                small,
                large,
                large / small);
    }
}
