package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Enqueues that are on disk when they return, against a bare write and fdatasync of as many bytes. */
final class DurableEnqueue {
    private static final int PER_THREAD = 1_000;

    private DurableEnqueue() {}

    static void run(Path directory) throws Exception {
        int bytes = bytesPerEnqueue(directory);
        try (FileOutboxStore store = Bench.open(directory, "outbox")) {
            Outbox outbox = new Outbox(store);
            enqueue(outbox, 16);
            double bare = Rate.median(() -> writeAndForce(directory.resolve("bare"), bytes));
            Rate.print("bare write + fdatasync of " + bytes + " bytes, 1 thread", bare);
            Rate.print("enqueue, 1 thread", Rate.median(() -> enqueue(outbox, 1)), bare);
            Rate.print("enqueue, 16 threads", Rate.median(() -> enqueue(outbox, 16)), bare);
            Rate.print("enqueueAll of 64, 1 thread", Rate.median(() -> enqueueBatches(outbox)), bare);
        }
    }

    /** What one enqueue adds to the log, so that the limit writes as much. */
    private static int bytesPerEnqueue(Path directory) throws IOException {
        try (FileOutboxStore store = Bench.open(directory, "probe")) {
            Outbox outbox = new Outbox(store);
            long before = logBytes(directory, "probe");
            Bench.fill(outbox, 1_000, "fake.send", "/");
            return (int) ((logBytes(directory, "probe") - before) / 1_000);
        }
    }

    private static long logBytes(Path directory, String stem) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(stem + "-\\d+\\.log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static int writeAndForce(Path file, int bytes) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(bytes);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < PER_THREAD; i++) {
                channel.write(record.clear());
                channel.force(false);
            }
        }
        return PER_THREAD;
    }

    private static int enqueue(Outbox outbox, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(pool.submit(() -> {
                    for (int i = 0; i < PER_THREAD; i++) {
                        outbox.enqueue(Bench.operation("fake.send", "/"));
                    }
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
            return threads * PER_THREAD;
        } finally {
            pool.shutdown();
        }
    }

    private static int enqueueBatches(Outbox outbox) {
        for (int i = 0; i < 100; i++) {
            Bench.fill(outbox, 64, "fake.send", "/");
        }
        return 6_400;
    }
}
