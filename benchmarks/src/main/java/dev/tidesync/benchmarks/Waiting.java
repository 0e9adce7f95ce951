package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.Settlement;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a long backlog costs: memory an operation, time to open, time to drain. {@code -Dwaiting=N} sets how many wait;
 * run it with the heap that it is to fit into, as {@code -Xmx128m} for a million.
 */
final class Waiting {
    private static final int COUNT = Integer.getInteger("waiting", 1_000_000);
    private static final int BATCH = 256;

    private Waiting() {}

    static void run(Path directory) throws Exception {
        long heapBefore = heapBytes();
        long directBefore = directBytes();
        try (FileOutboxStore store = Bench.open(directory, "waiting")) {
            long start = System.nanoTime();
            Bench.fill(new Outbox(store), COUNT, "fake.send", "https://host/path");
            print("enqueueAll of 1,000", COUNT / seconds(start), "/s");
            print("heap an operation", (heapBytes() - heapBefore) / (double) COUNT, "B");
            print("direct memory an operation", (directBytes() - directBefore) / (double) COUNT, "B");
        }
        print("sequential read of the log", read(directory), "s");
        long start = System.nanoTime();
        try (FileOutboxStore store = Bench.open(directory, "waiting")) {
            print("open", seconds(start), "s");
            drain(store);
        }
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

    private static double read(Path directory) throws Exception {
        byte[] buffer = new byte[1 << 20];
        long start = System.nanoTime();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".log")).toList()) {
                try (var in = Files.newInputStream(file)) {
                    while (in.read(buffer) >= 0) {
                        // only the reading counts
                    }
                }
            }
        }
        return seconds(start);
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
