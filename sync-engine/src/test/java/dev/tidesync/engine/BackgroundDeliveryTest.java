package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Delivery by {@code start()}: woken, concurrent, and stopped in bounded time. */
@Timeout(30)
final class BackgroundDeliveryTest {
    /** Rests so long that a test which waits for a poll fails. */
    private static SyncEngine.Config.Builder noPolling(SyncEngine.Config.Builder config) {
        return config.idleSleep(Duration.ofHours(1)).offlineSleep(Duration.ofHours(1));
    }

    private static void awaitStatus(EngineUnderTest sync, String id, OperationStatus status) {
        await().untilAsserted(() -> assertThat(sync.status(id)).isEqualTo(status));
    }

    private static long engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tidesync-"))
                .count();
    }

    @Test
    void enqueueIsNoticedWithoutAPoll() {
        try (EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport(), BackgroundDeliveryTest::noPolling)) {
            sync.engine.start();
            awaitStatus(sync, sync.enqueue("/a", "first"), OperationStatus.DONE);

            awaitStatus(sync, sync.enqueue("/a", "second"), OperationStatus.DONE);
        }
    }

    @Test
    void dueRetryIsNoticedWithoutAPoll() {
        AtomicInteger calls = new AtomicInteger();
        ScriptedTransport failsOnce = new ScriptedTransport()
                .answer(op -> calls.incrementAndGet() == 1 ? SendResult.retryable("busy") : SendResult.delivered());
        try (EngineUnderTest sync =
                new EngineUnderTest(failsOnce, BackgroundDeliveryTest::noPolling).withRunningClock()) {
            sync.engine.start();

            awaitStatus(sync, sync.enqueue("/a", "x"), OperationStatus.DONE);
        }
    }

    @Test
    void endOfAPauseIsNoticedWithoutAPoll() {
        AtomicInteger calls = new AtomicInteger();
        SendResult down = SendResult.retryable("down").withScope(SendResult.Scope.TARGET);
        ScriptedTransport recovers =
                new ScriptedTransport().answer(op -> calls.incrementAndGet() <= 3 ? down : SendResult.delivered());
        try (EngineUnderTest sync =
                new EngineUnderTest(recovers, BackgroundDeliveryTest::noPolling).withRunningClock()) {
            IntStream.range(0, 10).forEach(i -> sync.enqueue("/a", "x"));

            sync.engine.start();

            await().until(() -> sync.count(OperationStatus.DONE) == 10);
        }
    }

    @Test
    void hungSendIsEndedAtItsDeadlineWithoutAPoll() {
        ScriptedTransport hangs = new ScriptedTransport().run(operation -> new CompletableFuture<>());
        try (EngineUnderTest sync =
                new EngineUnderTest(hangs, config -> noPolling(config).sendTimeout(Duration.ofMillis(50)))) {
            sync.engine.start();

            awaitStatus(sync, sync.enqueue("/a", "x"), OperationStatus.FAILED);
        }
    }

    @Test
    void nothingIsSentOrChargedWhileOffline() {
        ScriptedTransport transport = new ScriptedTransport();
        try (EngineUnderTest sync =
                new EngineUnderTest(transport, config -> config.offlineSleep(Duration.ofMillis(10)))) {
            sync.online.set(false);
            sync.engine.start();
            String id = sync.enqueue("/a", "x");
            await().during(Duration.ofMillis(100)).until(() -> transport.calls() == 0);
            assertThat(sync.get(id).attempt()).isZero();

            sync.online.set(true);

            awaitStatus(sync, id, OperationStatus.DONE);
        }
    }

    @Test
    void hungNetworkCheckHoldsNothingUp() {
        CompletableFuture<Boolean> hang = new CompletableFuture<>();
        AtomicInteger checks = new AtomicInteger();
        NetworkProbe.Config alwaysStale = NetworkProbe.Config.builder()
                .minInterval(Duration.ZERO)
                .onlineTtl(Duration.ZERO)
                .build();
        NetworkProbe hangsOnceOnline =
                new NetworkProbe(alwaysStale, () -> checks.incrementAndGet() == 1 || hang.join());
        try (EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport());
                SyncEngine engine = new SyncEngine(
                        sync.outbox,
                        hangsOnceOnline,
                        TransportRegistry.of("test.", new ScriptedTransport()),
                        SyncEngine.Config.builder().build())) {
            engine.start();
            await().until(() -> checks.get() >= 2);

            awaitStatus(sync, sync.enqueue("/a", "x"), OperationStatus.DONE);
            hang.complete(true);
        }
    }

    @Test
    void eightWorkersSendSideBySide() {
        BlockingTransport transport = new BlockingTransport();
        transport.hold("/slow");
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.workerCount(8))) {
            IntStream.range(0, 20).forEach(i -> sync.enqueue("/slow", "x"));

            sync.engine.start();
            await().until(() -> transport.underWay() == 8);
            transport.letGo("/slow");

            await().until(() -> sync.count(OperationStatus.DONE) == 20);
            assertThat(transport.mostUnderWay()).isEqualTo(8);
        }
    }

    @Test
    void oneWorkerSendsOneAfterAnotherToADestination() {
        BlockingTransport transport = new BlockingTransport();
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 20).forEach(i -> sync.enqueue("/a", "x"));

            sync.engine.start();

            await().until(() -> sync.count(OperationStatus.DONE) == 20);
            assertThat(transport.mostUnderWay()).isEqualTo(1);
        }
    }

    @Test
    void transportThatNeedsAThreadOnceSendsSideBySideAfterwards() {
        CompletableFuture<SendResult> last = new CompletableFuture<>();
        AtomicInteger calls = new AtomicInteger();
        ISyncTransport transport = new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                return SendResult.delivered();
            }

            @Override
            public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                int call = calls.incrementAndGet();
                return call == 1
                        ? ISyncTransport.super.sendAsync(operation, context)
                        : call <= 10 ? CompletableFuture.completedFuture(SendResult.delivered()) : last;
            }
        };
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 20).forEach(i -> sync.enqueue("/a", "x"));

            sync.engine.start();

            await().until(() -> sync.count(OperationStatus.IN_FLIGHT) == 10);
            last.complete(SendResult.delivered());
            await().until(() -> sync.count(OperationStatus.DONE) == 20);
        }
    }

    @Test
    void hangingDestinationCostsItsOwnWindowOnly() {
        BlockingTransport transport = new BlockingTransport();
        transport.hold("https://dead.example/x");
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 50).forEach(i -> {
                sync.enqueue("https://dead.example/x", "dead");
                sync.enqueue("https://good.example/x", "good");
            });

            sync.engine.start();

            await().until(() -> sync.count(OperationStatus.DONE) == 50);
            assertThat(sync.count(OperationStatus.PENDING)).isEqualTo(49);
            transport.letGo("https://dead.example/x");
        }
    }

    @Test
    void startAndStopAreIdempotentAndRepeatable() {
        try (EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport())) {
            sync.engine.stop();
            for (int life = 0; life < 3; life++) {
                sync.engine.start();
                sync.engine.start();
                assertThat(sync.engine.running()).isTrue();
                awaitStatus(sync, sync.enqueue("/a", "x"), OperationStatus.DONE);
                sync.engine.stop();
                sync.engine.stop();
                assertThat(sync.engine.running()).isFalse();
            }
        }
    }

    @Test
    void stopLeavesNoThreadAndNothingInFlight() {
        BlockingTransport transport = new BlockingTransport();
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.workerCount(4))) {
            IntStream.range(0, 2_000).forEach(i -> sync.enqueue("https://host" + i % 5 + ".example/", "x"));
            sync.engine.start();
            await().until(() -> transport.calls() > 50);

            sync.engine.stop();

            assertThat(sync.count(OperationStatus.IN_FLIGHT)).isZero();
            assertThat(sync.count(OperationStatus.DONE)).isEqualTo(transport.calls());
            assertThat(sync.count(OperationStatus.DONE) + sync.count(OperationStatus.PENDING))
                    .isEqualTo(2_000);
            await().until(() -> engineThreads() == 0);
        }
    }

    @Test
    void stopCancelsWhatDoesNotEndInTimeAndGivesItBackUncharged() {
        BlockingTransport transport = new BlockingTransport();
        transport.hold("/slow");
        try (EngineUnderTest sync =
                new EngineUnderTest(transport, config -> config.stopTimeout(Duration.ofMillis(50)))) {
            String id = sync.enqueue("/slow", "x");
            sync.engine.start();
            await().until(() -> transport.underWay() == 1);

            sync.engine.stop();

            assertThat(sync.status(id)).isEqualTo(OperationStatus.PENDING);
            assertThat(sync.get(id).attempt()).isZero();
            assertThat(sync.get(id).lastError()).isEqualTo("released: the engine stopped before the answer came");
            await().until(() -> transport.underWay() == 0);
        }
    }

    @Test
    void stopFromInsideASendReturnsAndTheSendCounts() {
        CompletableFuture<SyncEngine> itself = new CompletableFuture<>();
        ISyncTransport stopsItsEngine = operation -> {
            itself.join().stop();
            return SendResult.delivered();
        };
        try (EngineUnderTest sync = new EngineUnderTest(stopsItsEngine)) {
            itself.complete(sync.engine);
            String id = sync.enqueue("/a", "x");

            sync.engine.start();

            awaitStatus(sync, id, OperationStatus.DONE);
            assertThat(sync.engine.running()).isFalse();
            sync.engine.start();
            assertThat(sync.engine.running()).isTrue();
        }
    }

    @Test
    void storeThatFailsHoldsDeliveryUpButEndsNothing() {
        ScriptedTransport transport = new ScriptedTransport();
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            String id = sync.enqueue("/a", "x");
            sync.store.fail(true);
            sync.engine.start();
            await().during(Duration.ofMillis(100)).until(sync.engine::running);
            assertThat(transport.calls()).isZero();

            sync.store.fail(false);

            awaitStatus(sync, id, OperationStatus.DONE);
        }
    }

    @Test
    void storeThatTakesNoMoreEndsDeliveryAndIsShown() {
        CompletableFuture<SendResult> hangs = new CompletableFuture<>();
        ScriptedTransport transport = new ScriptedTransport().run(operation -> hangs);
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            sync.engine.start();
            String id = sync.enqueue("/a", "x");
            await().until(() -> transport.calls() == 1);
            assertThat(sync.engine.failure()).isEmpty();

            sync.store.failForGood();
            hangs.complete(SendResult.delivered());

            await().until(() -> sync.engine.failure().isPresent());
            assertThat(sync.engine.failure())
                    .get()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("the disk is gone");
            assertThat(sync.engine.running()).isFalse();
            assertThatThrownBy(() -> sync.enqueue("/a", "y")).hasMessage("the disk is gone");
            await().until(() -> engineThreads() == 0);
            assertThat(sync.status(id)).isEqualTo(OperationStatus.IN_FLIGHT);
        }
    }

    @Test
    void outcomeThatTheStoreCouldNotTakeIsRecordedLaterWithoutASecondSend() {
        CompletableFuture<SendResult> answer = new CompletableFuture<>();
        ScriptedTransport transport = new ScriptedTransport().run(operation -> answer);
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            String id = sync.enqueue("/a", "x");
            sync.engine.start();
            await().until(() -> transport.calls() == 1);
            sync.store.fail(true);
            answer.complete(SendResult.delivered());
            await().during(Duration.ofMillis(100)).until(() -> sync.status(id) == OperationStatus.IN_FLIGHT);

            sync.store.fail(false);

            awaitStatus(sync, id, OperationStatus.DONE);
            assertThat(transport.calls()).isEqualTo(1);
        }
    }

    @Test
    void runningEngineRefusesATick() {
        try (EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport())) {
            sync.engine.start();

            assertThatThrownBy(sync::tick)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the engine runs in the background; stop it before a tick");
        }
    }

    @Test
    void closedEngineRefusesToStart() {
        EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport());
        sync.close();
        sync.close();

        assertThatThrownBy(sync.engine::start).hasMessage("the engine is closed");
    }

    @Test
    void manyProducersAndWorkersLoseAndRepeatNothing() {
        AtomicInteger sends = new AtomicInteger();
        ISyncTransport counting = operation -> {
            sends.incrementAndGet();
            return SendResult.delivered();
        };
        try (EngineUnderTest sync = new EngineUnderTest(counting, config -> config.workerCount(8))) {
            sync.engine.start();
            IntStream.range(0, 4)
                    .parallel()
                    .forEach(producer -> IntStream.range(0, 250)
                            .forEach(i -> sync.engine.enqueue(
                                    Operation.of("test.send", "https://host" + i % 7 + ".example/", "x"))));

            await().until(() -> sync.count(OperationStatus.DONE) == 1_000);
            assertThat(sends).hasValue(1_000);
        }
    }
}
