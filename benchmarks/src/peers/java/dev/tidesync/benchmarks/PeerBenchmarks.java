package dev.tidesync.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures this project's outbox and what else a Java program could use as a durable queue, side by side: in each round
 * every peer does each work once, so that a slow moment of the machine meets them all. The directory is the first
 * argument.
 */
public final class PeerBenchmarks {
    private static final int BATCH = 64;
    private static final byte[] OPERATION = Bench.operation("fake.send", "/").payload();

    /** Work that says how many operations it did. */
    @FunctionalInterface
    private interface Work {
        int run(Peer peer, AtomicLong numbers) throws Exception;
    }

    @FunctionalInterface
    private interface Opener {
        Peer open(Path directory) throws Exception;
    }

    private static final Map<String, Opener> PEERS = new LinkedHashMap<>();
    private static final Map<String, Work> WORKS = new LinkedHashMap<>();

    static {
        PEERS.put("Tidesync", TidesyncPeer::new);
        PEERS.put("Artemis journal", ArtemisPeer::new);
        PEERS.put("RocksDB", RocksDbPeer::new);
        PEERS.put("SQLite", SqlitePeer::new);
        WORKS.put("enqueue, 1 thread", (peer, numbers) -> enqueue(peer, numbers, 1, 1_000));
        WORKS.put("enqueue, 16 threads", (peer, numbers) -> enqueue(peer, numbers, 16, 500));
        WORKS.put("whole life, batches of " + BATCH + ", 1 thread", PeerBenchmarks::live);
    }

    private PeerBenchmarks() {}

    /** The argument: a directory on the disk to measure. */
    public static void main(String[] args) throws Exception {
        Path root = Files.createDirectories(Path.of(args[0]));
        Map<String, Peer> peers = new LinkedHashMap<>(); // the first is what the others are compared with
        for (var opener : PEERS.entrySet()) {
            peers.put(opener.getKey(), opener.getValue().open(Files.createTempDirectory(root, "peer")));
        }
        AtomicLong numbers = new AtomicLong(1);
        for (var work : WORKS.entrySet()) {
            System.out.println("\n" + work.getKey());
            compare(peers, work.getValue(), numbers);
        }
        for (Peer peer : peers.values()) {
            peer.close();
        }
    }

    private static void compare(Map<String, Peer> peers, Work work, AtomicLong numbers) throws Exception {
        Map<String, Callable<Integer>> works = new LinkedHashMap<>();
        peers.forEach((name, peer) -> works.put(name, () -> work.run(peer, numbers)));
        Map<String, Double> medians = Rate.medians(works);
        double first = medians.values().iterator().next();
        medians.forEach((name, rate) ->
                System.out.printf(Locale.ROOT, "  %-20s %,12.0f /s  %6.2f times%n", name, rate, rate / first));
    }

    private static int enqueue(Peer peer, AtomicLong numbers, int threads, int perThread) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                running.add(pool.submit(() -> {
                    for (int i = 0; i < perThread; i++) {
                        peer.enqueue(numbers.getAndIncrement(), OPERATION);
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
            return threads * perThread;
        } finally {
            pool.shutdown();
        }
    }

    private static int live(Peer peer, AtomicLong numbers) throws Exception {
        int batches = 100;
        for (int i = 0; i < batches; i++) {
            peer.live(numbers.getAndAdd(BATCH), BATCH, OPERATION);
        }
        return batches * BATCH;
    }
}
