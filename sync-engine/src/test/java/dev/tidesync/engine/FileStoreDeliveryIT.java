package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine and the store that it is shipped with, on real files. */
@Timeout(60)
final class FileStoreDeliveryIT {
    @TempDir
    private Path directory;

    private FileOutboxStore open() {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .build());
    }

    private static Outbox outbox(FileOutboxStore store) {
        RetryPolicy quick = RetryPolicy.builder()
                .baseDelay(Duration.ofMillis(5))
                .maxDelay(Duration.ofMillis(20))
                .build();
        return new Outbox(store, Outbox.Config.builder().retry(quick).build());
    }

    private static SyncEngine engine(Outbox outbox, ISyncTransport transport) {
        return new SyncEngine(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().workerCount(4).build());
    }

    private static Operation operation(int i) {
        return Operation.builder()
                .kind("test.send")
                .target("https://host" + i % 5 + ".example/")
                .payload("" + i)
                .orderingKey(i % 4 == 0 ? "lane" : "")
                .build();
    }

    private static long count(FileOutboxStore store, OperationStatus status) {
        return store.counts().getOrDefault(status, 0L);
    }

    @Test
    void everythingArrivesThroughFailuresOfEveryKind() {
        AtomicInteger calls = new AtomicInteger();
        ISyncTransport flaky = operation -> switch (calls.incrementAndGet() % 7) {
            case 1 -> SendResult.retryable("busy");
            case 2 -> SendResult.retryable("down").withScope(Scope.TARGET);
            case 3 -> throw new IllegalStateException("boom");
            default -> SendResult.delivered();
        };
        try (FileOutboxStore store = open();
                SyncEngine engine = engine(outbox(store), flaky)) {
            engine.start();
            IntStream.range(0, 400).forEach(i -> engine.enqueue(operation(i)));

            await().atMost(Duration.ofSeconds(50))
                    .until(() ->
                            count(store, OperationStatus.DONE) + count(store, OperationStatus.PERMANENT_FAILED) == 400);
            assertThat(count(store, OperationStatus.DONE)).isGreaterThan(390);
        }
    }

    @Test
    void stoppedEngineLeavesNothingInFlightAndTheNextLifeDeliversTheRest() {
        ScriptedTransport transport = new ScriptedTransport();
        try (FileOutboxStore store = open()) {
            Outbox outbox = outbox(store);
            IntStream.range(0, 1_000).forEach(i -> outbox.enqueue(operation(i)));
            try (SyncEngine engine = engine(outbox, transport)) {
                engine.start();
                await().until(() -> transport.calls() > 20);
            }
            assertThat(count(store, OperationStatus.IN_FLIGHT)).isZero();
        }
        try (FileOutboxStore store = open();
                SyncEngine engine = engine(outbox(store), transport)) {
            engine.start();

            await().until(() -> count(store, OperationStatus.DONE) == 1_000);
            assertThat(transport.calls()).isEqualTo(1_000);
        }
    }

    @Test
    void claimOfALifeThatCrashedIsSentAgainAtOnce() {
        String id;
        try (FileOutboxStore store = open()) {
            Outbox outbox = outbox(store);
            id = outbox.enqueue(operation(1));
            outbox.claim(id);
        }
        try (FileOutboxStore store = open();
                SyncEngine engine = engine(outbox(store), new ScriptedTransport())) {
            engine.tick();

            Operation delivered = store.get(id).orElseThrow();
            assertThat(delivered.status()).isEqualTo(OperationStatus.DONE);
            assertThat(delivered.attempt()).isEqualTo(1);
        }
    }

    @Test
    void laneArrivesInOrder() {
        ScriptedTransport transport = new ScriptedTransport();
        try (FileOutboxStore store = open();
                SyncEngine engine = engine(outbox(store), transport)) {
            List<String> texts =
                    IntStream.range(0, 100).mapToObj(i -> "" + i * 4).toList();
            texts.forEach(text -> engine.enqueue(operation(Integer.parseInt(text))));

            engine.start();

            await().until(() -> count(store, OperationStatus.DONE) == 100);
            assertThat(transport.sentTexts()).isEqualTo(texts);
        }
    }
}
