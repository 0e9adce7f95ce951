package dev.tidesync.benchmarks;

import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Enqueues that are on disk when they return, against a bare write and fdatasync of as many bytes. */
final class DurableEnqueue {
    private static final int PER_THREAD = 1_000;
    private static final int BATCHES = 100;

    private DurableEnqueue() {}

    static void run(Path directory) throws Exception {
        int bytes = bytesPerEnqueue(directory);
        Path bare = directory.resolve("bare");
        try (FileOutboxStore store = Bench.open(directory, "outbox")) {
            Outbox outbox = new Outbox(store);
            Map<String, Callable<Integer>> one = new LinkedHashMap<>();
            one.put("bare write + fdatasync of " + bytes + " bytes", () -> writeAndForce(bare, bytes, 1, PER_THREAD));
            one.put("enqueue, 1 thread", () -> enqueue(outbox, 1));
            one.put("enqueue, 16 threads", () -> enqueue(outbox, 16));
            Rate.compare(one);
            for (int many : new int[] {64, 512}) {
                Map<String, Callable<Integer>> works = new LinkedHashMap<>();
                works.put(
                        "bare write + fdatasync of " + many + " times as much",
                        () -> writeAndForce(bare, bytes, many, BATCHES));
                works.put("enqueueAll of " + many + ", 1 thread", () -> enqueueBatches(outbox, many));
                works.put("enqueueAsync, " + many + " outstanding", () -> enqueueAsync(outbox, many));
                Rate.compare(works);
            }
        }
    }

    /** What one enqueue adds to the log, so that the limit writes as much. */
    static int bytesPerEnqueue(Path directory) throws IOException {
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

    /** Writes so many records at a time and forces them; returns how many records. */
    private static int writeAndForce(Path file, int bytes, int atATime, int times) throws IOException {
        try (BareFile bare = new BareFile(file, bytes * atATime)) {
            for (int i = 0; i < times; i++) {
                bare.writeAndForce();
            }
        }
        return times * atATime;
    }

    private static int enqueueAsync(Outbox outbox, int outstanding) throws InterruptedException {
        int count = 2 * BATCHES * outstanding;
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

    private static int enqueueBatches(Outbox outbox, int size) {
        for (int i = 0; i < BATCHES; i++) {
            Bench.fill(outbox, size, "fake.send", "/");
        }
        return BATCHES * size;
    }
}
