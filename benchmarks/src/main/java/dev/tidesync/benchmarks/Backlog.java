package dev.tidesync.benchmarks;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;

/** What one more operation costs when 1,000 and when a million wait before it. */
final class Backlog {
    private static final int SMALL = 1_000;
    private static final int LARGE = 1_000_000;
    private static final int MEASURED = 400;

    private Backlog() {}

    static void run(Path directory) throws Exception {
        try (FileOutboxStore few = Bench.open(directory, "small");
                FileOutboxStore many = Bench.open(directory, "large");
                SyncEngine small = engine(few, SMALL);
                SyncEngine large = engine(many, LARGE)) {
            compare("enqueue", Backlog::enqueue, small, large);
            compare("deliver (tick of 256)", Backlog::tick, small, large);
        }
    }

    private static SyncEngine engine(FileOutboxStore store, int backlog) {
        SyncEngine engine = Bench.engine(store, "fake.", new FakeTransport());
        Bench.fill(engine.outbox(), backlog + 10 * MEASURED, "fake.send", "/"); // more than the ticks deliver
        return engine;
    }

    private static void compare(String what, ToIntFunction<SyncEngine> work, SyncEngine small, SyncEngine large)
            throws Exception {
        Map<String, Callable<Integer>> works = new LinkedHashMap<>();
        works.put("small", () -> work.applyAsInt(small));
        works.put("large", () -> work.applyAsInt(large));
        Map<String, Double> perSecond = Rate.medians(works);
        double few = 1e6 / perSecond.getOrDefault("small", 0.0);
        double many = 1e6 / perSecond.getOrDefault("large", 0.0);
        System.out.printf(
                Locale.ROOT,
                "  %-30s %8.1f µs at %,d waiting, %8.1f µs at %,d: %.2f times%n",
                what,
                few,
                SMALL,
                many,
                LARGE,
                many / few);
    }

    private static int enqueue(SyncEngine engine) {
        for (int i = 0; i < MEASURED; i++) {
            engine.enqueue(Bench.operation("fake.send", "/"));
        }
        return MEASURED;
    }

    private static int tick(SyncEngine engine) {
        int sent = 0;
        while (sent < MEASURED) {
            sent += engine.tick(Bench.CLOCK.millis());
        }
        return sent;
    }
}
