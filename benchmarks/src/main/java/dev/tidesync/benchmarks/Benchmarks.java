package dev.tidesync.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the benchmarks named on the command line, or all, in the directory that is the first argument. */
public final class Benchmarks {
    /** One measurement; it prints its own lines. */
    @FunctionalInterface
    interface Benchmark {
        void run(Path directory) throws Exception;
    }

    private record Named(String name, Benchmark benchmark) {}

    private static final List<Named> ALL = List.of(
            new Named("enqueue", DurableEnqueue::run),
            new Named("one", EnqueueLatency::run),
            new Named("life", WholeLife::run),
            new Named("deliver", Delivery::run),
            new Named("backlog", Backlog::run),
            new Named("waiting", Waiting::run),
            new Named("latency", EnqueueToWire::run),
            new Named("http", HttpDelivery::run),
            new Named("ws", WsDelivery::run),
            new Named("p2p", P2pDelivery::run));

    private Benchmarks() {}

    /** Arguments: a directory on the disk to measure, then names of benchmarks; none means all. */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[0]));
        List<String> wanted = List.of(args).subList(1, args.length);
        for (Named named : ALL) {
            if (wanted.isEmpty() || wanted.contains(named.name())) {
                System.out.println("\n" + named.name());
                named.benchmark().run(Files.createTempDirectory(directory, named.name()));
            }
        }
    }
}
