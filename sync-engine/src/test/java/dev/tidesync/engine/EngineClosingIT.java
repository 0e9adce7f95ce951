package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever plugins do, an engine closes, and gives its outbox free. */
@Timeout(60)
final class EngineClosingIT {
    private final CompletableFuture<Void> release = new CompletableFuture<>();

    @TempDir
    private Path directory;

    /** A plugin that hangs wherever it is called, and ignores interrupts. */
    private final class Hanging implements SyncTransportProvider {
        @Override
        public TransportDescriptor descriptor() {
            return TransportDescriptor.builder("hanging", SyncSpi.LEVEL)
                    .kindPrefix("test.")
                    .build();
        }

        @Override
        public ISyncTransport create(TransportContext context) {
            return new ISyncTransport() {
                @Override
                public SendResult send(Operation operation) {
                    throw new AssertionError("the engine is expected to send asynchronously");
                }

                @Override
                public CompletionStage<SendResult> sendAsync(Operation operation, SendContext sendContext) {
                    sendContext.onCancel(release::join);
                    release.join();
                    return CompletableFuture.completedFuture(SendResult.delivered());
                }

                @Override
                public void close() {
                    release.join();
                }
            };
        }
    }

    @AfterEach
    void letGo() {
        release.complete(null);
    }

    private FileOutboxStore openStore() {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .build());
    }

    @Test
    void closingComesToAnEndAndGivesTheOutboxFree() {
        TransportRegistry transports =
                TransportRegistry.builder().provider(new Hanging()).build();
        FileOutboxStore store = openStore();
        SyncEngine engine = new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                transports,
                SyncEngine.Config.builder().stopTimeout(Duration.ofMillis(50)).build(),
                Optional.empty(),
                List.of(store, transports));
        engine.start();
        String id = engine.enqueue(Operation.of("test.send", "/", "x"));
        await().until(() -> store.get(id).orElseThrow().isInFlight());

        engine.close();

        try (FileOutboxStore reopened = openStore()) {
            assertThat(reopened.get(id).orElseThrow().status()).isEqualTo(OperationStatus.PENDING);
        }
        assertThat(transports.reports())
                .singleElement()
                .satisfies(report -> assertThat(report.problem()).isEqualTo("has not closed within 5000 ms"));
    }

    @Test
    void errorOutOfOneClosingDoesNotKeepTheOthersOpen() {
        FileOutboxStore store = openStore();
        AutoCloseable throwing = () -> {
            throw new NoClassDefFoundError("Gone");
        };
        SyncEngine engine = new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", new ScriptedTransport()),
                SyncEngine.Config.builder().build(),
                Optional.empty(),
                List.of(throwing, store));

        engine.close();

        openStore().close();
    }
}
