package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long one enqueue takes, beside a bare write and fdatasync of as many bytes, and beside one into a log that begins
 * a new segment every few hundred operations. They take turns, so that a slow moment of the machine meets all.
 */
final class EnqueueLatency {
    private static final int TURNS = 50;
    private static final int CALLS = 100;
    private static final int MEASURED_TURNS = TURNS - 5; // the first warm up
    private static final int SMALL_SEGMENT_BYTES = 256 * 1024;

    /** What is called again and again. */
    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    private EnqueueLatency() {}

    static void run(Path directory) throws Exception {
        int bytes = DurableEnqueue.bytesPerEnqueue(directory);
        try (BareFile bare = new BareFile(directory.resolve("bare"), bytes);
                FileOutboxStore store = Bench.open(directory, "outbox");
                FileOutboxStore rolling = rolling(directory)) {
            Outbox outbox = new Outbox(store);
            Outbox rollingOutbox = new Outbox(rolling);
            long[][] nanos = measure(
                    bare::writeAndForce,
                    () -> outbox.enqueue(Bench.operation("fake.send", "/")),
                    () -> rollingOutbox.enqueue(Bench.operation("fake.send", "/")));
            print("bare write + fdatasync of " + bytes + " bytes", nanos[0], nanos[0]);
            print("enqueue", nanos[1], nanos[0]);
            print("enqueue, a new segment every " + SMALL_SEGMENT_BYTES / bytes, nanos[2], nanos[0]);
        }
    }

    private static FileOutboxStore rolling(Path directory) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("rolling.json"))
                .segmentBytes(SMALL_SEGMENT_BYTES)
                .build());
    }

    private static long[][] measure(Call... calls) throws Exception {
        long[][] nanos = new long[calls.length][MEASURED_TURNS * CALLS];
        for (int turn = MEASURED_TURNS - TURNS; turn < MEASURED_TURNS; turn++) {
            for (int call = 0; call < calls.length; call++) {
                for (int i = 0; i < CALLS; i++) {
                    long begun = System.nanoTime();
                    calls[call].run();
                    if (turn >= 0) {
                        nanos[call][turn * CALLS + i] = System.nanoTime() - begun;
                    }
                }
            }
        }
        for (long[] all : nanos) {
            Arrays.sort(all);
        }
        return nanos;
    }

    private static void print(String what, long[] sorted, long[] limit) {
        System.out.printf(
                Locale.ROOT,
                "  %-42s p50 %,6d µs, p99 %,7d µs, p99.9 %,7d µs; p50 %.2f times the limit%n",
                what,
                sorted[sorted.length / 2] / 1_000,
                sorted[sorted.length * 99 / 100] / 1_000,
                sorted[sorted.length * 999 / 1000] / 1_000,
                (double) sorted[sorted.length / 2] / limit[limit.length / 2]);
    }
}
