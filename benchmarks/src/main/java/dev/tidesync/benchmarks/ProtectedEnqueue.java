package dev.tidesync.benchmarks;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** What encryption and compression cost an enqueue, and what compression saves, with payloads of JSON. */
final class ProtectedEnqueue {
    private static final int BATCHES = 40;
    private static final int BATCH = 64;
    private static final int LINES = 24;
    private static final byte[] KEY = new byte[32];

    private record Way(String name, boolean encrypted, boolean compressed) {}

    private static final List<Way> WAYS = List.of(
            new Way("as it is", false, false),
            new Way("encrypted", true, false),
            new Way("compressed", false, true),
            new Way("compressed and encrypted", true, true));

    private ProtectedEnqueue() {}

    static void run(Path directory) throws Exception {
        Map<String, Callable<Integer>> works = new LinkedHashMap<>();
        for (Way way : WAYS) {
            works.put("enqueueAll of " + BATCH + ", " + way.name(), () -> enqueue(directory, way));
        }
        Rate.compare(works);
        long plain = bytes(directory, WAYS.get(0));
        for (Way way : WAYS) {
            System.out.printf(
                    Locale.ROOT,
                    "  bytes on disk, %s: %.2f of as it is%n",
                    way.name(),
                    (double) bytes(directory, way) / plain);
        }
    }

    private static int enqueue(Path directory, Way way) {
        Random random = new Random(1);
        try (FileOutboxStore store = open(directory, way)) {
            Outbox outbox = new Outbox(store);
            for (int batch = 0; batch < BATCHES; batch++) {
                outbox.enqueueAll(
                        IntStream.range(0, BATCH)
                                .mapToObj(i -> operation(random))
                                .toList(),
                        Bench.CLOCK.millis());
            }
        }
        return BATCHES * BATCH;
    }

    private static FileOutboxStore open(Path directory, Way way) {
        FileOutboxStore.Config.Builder config = FileOutboxStore.Config.builder()
                .filePath(directory.resolve(stem(way) + ".json"))
                .compressPayloads(way.compressed());
        return FileOutboxStore.open((way.encrypted() ? config.encryptionKey(KEY) : config).build());
    }

    private static String stem(Way way) {
        return way.name().replace(' ', '-');
    }

    /** Readings of a device, about 2 KiB: names repeat, numbers do not. */
    private static Operation operation(Random random) {
        StringBuilder json = new StringBuilder("{\"readings\":[");
        for (int i = 0; i < LINES; i++) {
            json.append("{\"sensor\":\"temperature-")
                    .append(i)
                    .append("\",\"value\":")
                    .append(random.nextDouble())
                    .append(",\"unit\":\"celsius\"},");
        }
        return Operation.of("fake.send", "/", json.append("{}]}").toString());
    }

    private static long bytes(Path directory, Way way) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(stem(way) + "-\\d+\\.log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
