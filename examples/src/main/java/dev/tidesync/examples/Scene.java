package dev.tidesync.examples;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.transport.fake.FakeTransport;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the guide's examples have in common: an outbox on disk, a network that is always there, and a transport told
 * what to do.
 */
final class Scene implements AutoCloseable {
    final FileOutboxStore store;
    final Outbox outbox;
    final FakeTransport http = new FakeTransport();
    final SyncEngine engine;

    Scene(Path directory, String owner) {
        store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .prettyJson(true)
                .build());
        outbox = new Outbox(store, Outbox.Config.builder().owner(owner).build());
        engine = new SyncEngine(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("http.", http),
                SyncEngine.Config.builder()
                        .workerCount(1)
                        .batchLimit(10)
                        .inflightTimeout(Duration.ofMillis(50))
                        .build());
    }

    String enqueue(String payload, long nowMs) {
        return outbox.enqueue(Operation.of("http.post", "/api/messages", payload), nowMs);
    }

    Operation saved(String id) {
        return store.get(id).orElseThrow();
    }

    @Override
    public void close() {
        engine.close();
        store.close();
    }
}
