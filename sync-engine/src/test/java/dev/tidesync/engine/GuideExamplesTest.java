package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The four examples of the guide that this product was asked for from, with their assertions. */
final class GuideExamplesTest {
    private final MemoryOutboxStore store = new MemoryOutboxStore();
    private final Outbox outbox =
            new Outbox(store, Outbox.Config.builder().owner("example").build());
    private final ScriptedTransport http = new ScriptedTransport();

    private SyncEngine engine(SyncEngine.Config config) {
        return new SyncEngine(outbox, new NetworkProbe(() -> true), TransportRegistry.of("http.", http), config);
    }

    private SyncEngine engine() {
        return engine(SyncEngine.Config.builder().workerCount(1).batchLimit(10).build());
    }

    private String enqueue(String payload) {
        return outbox.enqueue(Operation.of("http.post", "/api/messages", payload), T0);
    }

    private OperationStatus status(String id) {
        return store.get(id).orElseThrow().status();
    }

    @Test
    void smokeTestEndsDone() {
        try (SyncEngine engine = engine()) {
            String id = enqueue("{\"text\":\"hello offline\"}");

            assertThat(engine.tick(T0)).isEqualTo(1);

            assertThat(status(id)).isEqualTo(OperationStatus.DONE);
        }
    }

    @Test
    void retryableFailureIsDeliveredLater() {
        try (SyncEngine engine = engine()) {
            http.answer(SendResult.retryable("temporary error (retryable)"));
            String id = enqueue("{\"text\":\"retry me\"}");

            engine.tick(T0);
            assertThat(status(id)).isEqualTo(OperationStatus.FAILED);
            assertThat(store.get(id).orElseThrow().lastError()).isEqualTo("temporary error (retryable)");

            http.answer(SendResult.delivered());
            engine.tick(T0 + 10_000);
            assertThat(status(id)).isEqualTo(OperationStatus.DONE);
        }
    }

    @Test
    void permanentFailureIsNotRetried() {
        try (SyncEngine engine = engine()) {
            http.answer(SendResult.permanent("bad request (permanent)"));
            String id = enqueue("{\"text\":\"invalid data\"}");

            engine.tick(T0);
            assertThat(status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);

            engine.tick(T0 + 10_000);
            assertThat(http.calls()).isEqualTo(1);
        }
    }

    @Test
    void claimThatWasLeftByACrashTimesOutAndIsDelivered() {
        SyncEngine.Config config = SyncEngine.Config.builder()
                .idleSleep(Duration.ZERO)
                .offlineSleep(Duration.ZERO)
                .inflightTimeout(Duration.ofMillis(50))
                .build();
        try (SyncEngine engine = engine(config)) {
            String id = enqueue("{\"text\":\"recover me\"}");
            assertThat(outbox.claim(id, T0)).isTrue();
            assertThat(status(id)).isEqualTo(OperationStatus.IN_FLIGHT);

            engine.tick(T0 + 60);
            engine.tick(T0 + 61);

            assertThat(status(id)).isEqualTo(OperationStatus.DONE);
        }
    }
}
