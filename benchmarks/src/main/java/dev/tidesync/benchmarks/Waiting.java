package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.LogInspection;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.Settlement;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a long backlog costs: memory an operation, time to close and to open, time to drain. {@code -Dwaiting=N} sets
 * how many wait, {@code -Dwaiting.rounds=N} how often it is opened; run it with the heap that it is to fit into, as
 * {@code -Xmx128m} for a million.
 */
final class Waiting {
    private static final int COUNT = Integer.getInteger("waiting", 1_000_000);
    private static final int BATCH = 256;
    private static final int ROUNDS = Integer.getInteger("waiting.rounds", 3);

    private Waiting() {}

    static void run(Path directory) throws Exception {
        fill(directory);
        for (int round = 0; round < ROUNDS; round++) {
            LogFiles log = LogFiles.in(directory);
            double bare = log.readAll();
            print("bare read of the log", bare, "s");
            double snapshot = open(directory);
            print("open, by its snapshot", snapshot, "s, " + ratio(bare, snapshot));
            Files.delete(directory.resolve("waiting.index"));
            double all = open(directory);
            print("open, by the log alone", all, "s, " + ratio(bare, all));
            double checked = log.checkAll();
            print("bare mapped read and CRC32C", checked, "s");
            double verified = verify(directory);
            print("full scan with checksums", verified, "s, " + ratio(checked, verified));
        }
        try (FileOutboxStore store = Bench.open(directory, "waiting")) {
            drain(store);
        }
    }

    private static String ratio(double bare, double measured) {
        return String.format(Locale.ROOT, "%.2f of the bare one's speed", bare / measured);
    }

    private static void fill(Path directory) {
        long heapBefore = heapBytes();
        long directBefore = directBytes();
        FileOutboxStore store = Bench.open(directory, "waiting");
        long start = System.nanoTime();
        Bench.fill(new Outbox(store), COUNT, "fake.send", "https://host/path");
        print("enqueueAll of 1,000", COUNT / seconds(start), "/s");
        print("heap an operation", (heapBytes() - heapBefore) / (double) COUNT, "B");
        print("direct memory an operation", (directBytes() - directBefore) / (double) COUNT, "B");
        start = System.nanoTime();
        store.close();
        print("close", seconds(start), "s");
    }

    /** Closing makes a snapshot, if there is none. */
    private static double open(Path directory) {
        long start = System.nanoTime();
        FileOutboxStore store = Bench.open(directory, "waiting");
        double seconds = seconds(start);
        store.close();
        return seconds;
    }

    /** What {@code tidesync log verify} does. */
    private static double verify(Path directory) throws IOException {
        long start = System.nanoTime();
        try (LogInspection log = LogInspection.of(DirectoryStorage.open(directory), "waiting")) {
            if (!log.damages().isEmpty()) {
                throw new IllegalStateException("the log is damaged: " + log.damages());
            }
        }
        return seconds(start);
    }

    private static void drain(FileOutboxStore store) {
        long start = System.nanoTime();
        int quarter = 0;
        int claimed = 0;
        while (claimed < COUNT) {
            claimed += deliver(store);
            if (claimed >= (quarter + 1) * (long) COUNT / 4) {
                quarter++;
                print("claim and done, quarter " + quarter, COUNT / 4.0 / seconds(start), "/s");
                start = System.nanoTime();
            }
        }
    }

    private static int deliver(FileOutboxStore store) {
        long nowMs = Bench.CLOCK.millis();
        List<Claim> claims = store.claimReady(
                new ClaimRequest("benchmark", nowMs, BATCH, (kind, destination) -> Admission.upTo(BATCH)));
        if (claims.isEmpty()) {
            throw new IllegalStateException("nothing is ready although operations wait");
        }
        store.settleAll(
                claims.stream().map(claim -> Settlement.delivered(claim, nowMs)).toList());
        return claims.size();
    }

    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static void print(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "  %-30s %,12.2f %s%n", what, value, unit);
    }
}
