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
import java.util.concurrent.Semaphore;

/** Enqueues that are on disk when they return, against a bare write and fdatasync of as many bytes. */
final class DurableEnqueue {
    private static final int PER_THREAD = 1_000;

    private DurableEnqueue() {}

    static void run(Path directory) throws Exception {
        int bytes = bytesPerEnqueue(directory);
        try (FileOutboxStore store = Bench.open(directory, "outbox")) {
            Outbox outbox = new Outbox(store);
            enqueue(outbox, 16);
            double bare = Rate.median(() -> writeAndForce(directory.resolve("bare"), bytes, PER_THREAD));
            Rate.print("bare write + fdatasync of " + bytes + " bytes, 1 thread", bare);
            Rate.print("enqueue, 1 thread", Rate.median(() -> enqueue(outbox, 1)), bare);
            Rate.print("enqueue, 16 threads", Rate.median(() -> enqueue(outbox, 16)), bare);
            Rate.print("enqueueAll of 64, 1 thread", Rate.median(() -> enqueueBatches(outbox)), bare);
            for (int outstanding : new int[] {64, 512}) {
                double batched = outstanding
                        * Rate.median(() -> writeAndForce(directory.resolve("batched"), outstanding * bytes, 100));
                Rate.print("bare write + fdatasync, " + outstanding + " at a time", batched);
                Rate.print(
                        "enqueueAsync, " + outstanding + " outstanding",
                        Rate.median(() -> enqueueAsync(outbox, outstanding)),
                        batched);
            }
        }
    }

    /** What one enqueue adds to the log, so that the limit writes as much. */
    private static int bytesPerEnqueue(Path directory) throws IOException {
        try (FileOutboxStore store = Bench.open(directory, "probe")) {
            Bench.fill(new Outbox(store), 1_000, "fake.send", "/");
        }
        return (int) (logBytes(directory, "probe") / 1_000);
    }

    /** The size of a closed log: one that is open is written ahead. */
    static long logBytes(Path directory, String stem) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(stem + "-\\d+\\.log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static int writeAndForce(Path file, int bytes, int times) throws IOException {
        ByteBuffer record = ByteBuffer.allocateDirect(bytes);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < times; i++) {
                channel.write(record.clear());
                channel.force(false);
            }
        }
        return times;
    }

    private static int enqueueAsync(Outbox outbox, int outstanding) throws InterruptedException {
        int count = 200 * outstanding;
        Semaphore room = new Semaphore(outstanding);
        for (int i = 0; i < count; i++) {
            room.acquire();
            outbox.enqueueAsync(Bench.operation("fake.send", "/")).whenComplete((id, failure) -> room.release());
        }
        room.acquire(outstanding);
        return count;
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
