package dev.tidesync.benchmarks;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The outbox and the operations that all benchmarks use. */
final class Bench {
    static final int PAYLOAD_BYTES = 512;
    static final InstantSource CLOCK = InstantSource.system();
    private static final byte[] PAYLOAD = new byte[PAYLOAD_BYTES];

    static {
        for (int i = 0; i < PAYLOAD_BYTES; i++) {
            PAYLOAD[i] = (byte) ('a' + i % 26);
        }
    }

    private Bench() {}

    static FileOutboxStore open(Path directory, String name) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve(name + ".json"))
                .build());
    }

    static SyncEngine engine(FileOutboxStore store, String prefix, ISyncTransport transport) {
        return new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                TransportRegistry.of(prefix, transport),
                SyncEngine.Config.builder().batchLimit(256).build());
    }

    static Operation operation(String kind, String target) {
        return Operation.of(kind, target, PAYLOAD);
    }

    static void fill(Outbox outbox, int count, String kind, String target) {
        List<Operation> batch = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batch.add(operation(kind, target));
            if (batch.size() == 1_000 || i == count - 1) {
                outbox.enqueueAll(batch, CLOCK.millis());
                batch.clear();
            }
        }
    }
}
