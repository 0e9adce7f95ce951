package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wall clock may jump, either way: nothing is lost, stranded or sent in a hot loop. */
final class ClockJumpTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long YEAR = Duration.ofDays(365).toMillis();

    private final ScriptedTransport transport = new ScriptedTransport();
    private final EngineUnderTest sync = new EngineUnderTest(transport);

    @AfterEach
    void close() {
        sync.close();
    }

    @Test
    void retryIsNotStrandedWhenTheClockGoesBackAYear() {
        transport.answer(SendResult.retryable("busy"));
        String id = sync.enqueue("/a", "x");
        sync.tick();
        transport.answer(SendResult.delivered());

        sync.nowMs.set(T0 - YEAR);
        assertThat(sync.tick()).isZero();

        assertThat(sync.tickAfter(500)).isEqualTo(1);
        assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
    }

    @Test
    void newOperationIsSentAtOnceAlthoughTheClockWentBackAfterIt() {
        sync.enqueue("/a", "x");

        sync.nowMs.set(T0 - YEAR);

        assertThat(sync.tick()).isEqualTo(1);
    }

    @Test
    void clockThatSwingsMakesNoHotLoop() {
        transport.answer(SendResult.retryable("busy"));
        sync.enqueue("/a", "x");

        for (int swing = 0; swing < 100; swing++) {
            sync.nowMs.set(T0 + (swing % 2 == 0 ? 0 : -YEAR));
            sync.tick();
        }

        assertThat(transport.calls()).isLessThanOrEqualTo(8);
    }

    @Test
    void delayThatWasAskedForIsKeptWhenTheClockGoesBack() {
        Operation delayed = Operation.builder()
                .kind("test.send")
                .target("/a")
                .nextRetryAtMs(T0 + 60_000)
                .build();
        sync.outbox.enqueue(delayed, T0);

        sync.nowMs.set(T0 - DAY);
        assertThat(sync.tickAfter(60_000)).isZero();

        sync.nowMs.set(T0 + 60_000);
        assertThat(sync.tick()).isEqualTo(1);
    }

    @Test
    void sendUnderWayIsNotRepeatedWhenTheClockJumpsEitherWay() {
        CompletableFuture<SendResult> answer = new CompletableFuture<>();
        transport.run(operation -> answer);
        SyncWorker worker = new SyncWorker(
                sync.outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().build(),
                () -> {});
        String id = sync.enqueue("/a", "x");
        worker.step(T0, 25);

        worker.step(T0 + DAY, 25);
        worker.step(T0 - YEAR, 25);
        worker.step(T0, 25);
        assertThat(sync.status(id)).isEqualTo(OperationStatus.IN_FLIGHT);
        answer.complete(SendResult.delivered());
        worker.step(T0, 25);

        assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
        assertThat(sync.get(id).attempt()).isZero();
        assertThat(transport.calls()).isEqualTo(1);
    }

    @Test
    void claimFromTheFutureIsRequeuedOneLeaseAfterTheClockWentBack() {
        String id = sync.enqueue("/a", "x");
        sync.outbox.claim(id, T0);

        sync.nowMs.set(T0 - YEAR);
        assertThat(sync.tick()).isZero();

        assertThat(sync.tickAfter(10_000)).isEqualTo(1);
        assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
    }
}
