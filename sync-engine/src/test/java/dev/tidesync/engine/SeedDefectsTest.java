package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The defects that were measured in the C++ original, as far as they are the engine's, and shown to be absent. */
@Timeout(30)
final class SeedDefectsTest {
    private final ScriptedTransport transport = new ScriptedTransport();

    @Test
    void attemptGrowsInTheStore() {
        try (EngineUnderTest sync = new EngineUnderTest(transport.answer(SendResult.retryable("down")))) {
            String id = sync.enqueue("/a", "x");

            for (int failures = 1; failures <= 8; failures++) {
                sync.tickAfter(30_000);
                assertThat(sync.get(id).attempt()).isEqualTo(failures);
            }
        }
    }

    @Test
    void exhaustedRetriesEndInsteadOfAHotLoop() {
        try (EngineUnderTest sync = new EngineUnderTest(transport.answer(SendResult.retryable("down")))) {
            String id = sync.enqueue("/a", "x");
            IntStream.range(0, 8).forEach(i -> sync.tickAfter(30_000));

            IntStream.range(0, 1_000).forEach(i -> sync.tick());

            assertThat(transport.calls()).isEqualTo(8);
            assertThat(sync.status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);
        }
    }

    @Test
    void failingOperationIsSentOnceAtOneInstant() {
        try (EngineUnderTest sync = new EngineUnderTest(transport.answer(SendResult.retryable("down")))) {
            sync.enqueue("/a", "x");

            IntStream.range(0, 1_000).forEach(i -> sync.tick());

            assertThat(transport.calls()).isEqualTo(1);
        }
    }

    @Test
    void fiftyBadOperationsDoNotStarveFiftyGoodOnes() {
        transport.answer(op -> op.payloadText().equals("bad") ? SendResult.retryable("no") : SendResult.delivered());
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 50).forEach(i -> sync.enqueue("/a", "bad"));
            IntStream.range(0, 50).forEach(i -> sync.enqueue("/a", "good"));

            IntStream.range(0, 4).forEach(i -> sync.tick());

            assertThat(sync.count(OperationStatus.DONE)).isEqualTo(50);
        }
    }

    @Test
    void operationThatCrashesItsProcessIsNotClaimedForEver() {
        MemoryOutboxStore store = new MemoryOutboxStore();
        String id = "";
        for (int life = 0; life < 20; life++) {
            store.restart();
            // each life leaves its claim behind, since the answer never comes
            EngineUnderTest crashes = new EngineUnderTest(
                    store, Map.of("test.", transport.run(op -> new CompletableFuture<>())), config -> config);
            id = life == 0 ? crashes.enqueue("/a", "x") : id;
            SyncWorker worker = new SyncWorker(
                    crashes.outbox,
                    new NetworkProbe(() -> true),
                    TransportRegistry.of("test.", transport),
                    SyncEngine.Config.builder().build(),
                    () -> {});
            worker.step(T0 + life * 60_000L, 25);
        }

        assertThat(transport.calls()).isEqualTo(8);
        assertThat(store.get(id).orElseThrow().status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
    }

    @Test
    void noIdIsRepeated() {
        Set<String> ids = new HashSet<>();
        Outbox outbox = new Outbox(new MemoryOutboxStore());

        IntStream.range(0, 2_000).forEach(i -> ids.add(outbox.enqueue(Operation.of("test.send", "/a", "x"), T0)));

        assertThat(ids).hasSize(2_000);
    }

    @Test
    void deliveryIsFirstInFirstOut() {
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 25).forEach(i -> sync.enqueue("/a", "" + i));

            sync.tick();

            assertThat(transport.sentTexts())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 25).mapToObj(i -> "" + i).toList());
        }
    }

    @Test
    void jitterIsAppliedToTheBaseDelay() {
        transport.answer(SendResult.retryable("down"));
        Outbox outbox = new Outbox(new MemoryOutboxStore());
        try (SyncEngine engine = new SyncEngine(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().batchLimit(200).build())) {
            IntStream.range(0, 200).forEach(i -> outbox.enqueue(Operation.of("test.send", "/a", "x"), T0));

            engine.tick(T0);

            Set<Long> delays = new HashSet<>();
            outbox.store()
                    .page(OperationStatus.FAILED, "", 200)
                    .forEach(operation -> delays.add(operation.nextRetryAtMs() - T0));
            assertThat(delays)
                    .hasSizeGreaterThan(50)
                    .allSatisfy(delay -> assertThat(delay).isBetween(400L, 600L));
        }
    }

    @Test
    void workersDoNotRunOneAfterAnother() {
        BlockingTransport slow = new BlockingTransport();
        slow.hold("slow.example");
        try (EngineUnderTest sync = new EngineUnderTest(slow, config -> config.workerCount(4))) {
            IntStream.range(0, 8).forEach(i -> sync.enqueue("slow.example", "x"));
            String fast = sync.enqueue("fast.example", "x");

            sync.engine.start();

            await().until(() -> slow.underWay() == 4);
            await().until(() -> sync.status(fast) == OperationStatus.DONE);
            slow.letGo("slow.example");
        }
    }

    @Test
    void stopDoesNotBlockForTheWholeBatch() {
        BlockingTransport slow = new BlockingTransport();
        slow.hold("/slow");
        try (EngineUnderTest sync = new EngineUnderTest(slow, config -> config.stopTimeout(Duration.ofMillis(20)))) {
            IntStream.range(0, 25).forEach(i -> sync.enqueue("/slow", "x"));
            sync.engine.start();
            await().until(() -> slow.underWay() == 1);

            sync.engine.stop();

            assertThat(slow.calls()).isEqualTo(1);
            assertThat(sync.count(OperationStatus.PENDING)).isEqualTo(25);
        }
    }

    @Test
    void transportThatThrowsDoesNotEndTheThread() {
        AtomicInteger calls = new AtomicInteger();
        ISyncTransport throwsFirst = operation -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("boom");
            }
            return SendResult.delivered();
        };
        try (EngineUnderTest sync = new EngineUnderTest(throwsFirst).withRunningClock()) {
            String id = sync.enqueue("/a", "x");

            sync.engine.start();

            await().until(() -> sync.status(id) == OperationStatus.DONE);
            assertThat(sync.engine.running()).isTrue();
        }
    }

    @Test
    void firstSecondAfterBootIsNotOffline() {
        Outbox outbox = new Outbox(new MemoryOutboxStore());
        try (SyncEngine engine = new SyncEngine(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().build())) {
            outbox.enqueue(Operation.of("test.send", "/a", "x"), 1);

            assertThat(engine.tick(1)).isEqualTo(1);
        }
    }

    @Test
    void offlineSleepIsUsed() {
        AtomicInteger checks = new AtomicInteger();
        NetworkProbe.Config alwaysStale = NetworkProbe.Config.builder()
                .minInterval(Duration.ZERO)
                .offlineTtl(Duration.ZERO)
                .build();
        NetworkProbe offline = new NetworkProbe(alwaysStale, () -> checks.incrementAndGet() < 0);
        try (SyncEngine engine = new SyncEngine(
                new Outbox(new MemoryOutboxStore()),
                offline,
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder()
                        .idleSleep(Duration.ofHours(1))
                        .offlineSleep(Duration.ofMillis(20))
                        .build())) {
            engine.start();

            await().until(() -> checks.get() >= 5);
        }
    }

    @Test
    void idleSleepOfZeroIsNoBusyLoop() {
        CountingStore store = new CountingStore();
        try (SyncEngine engine = new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder()
                        .idleSleep(Duration.ZERO)
                        .offlineSleep(Duration.ZERO)
                        .build())) {
            engine.start();

            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> store.steps() < 100);
        }
    }

    @Test
    void longSendIsNotRepeatedAfterTheInflightTimeout() {
        CompletableFuture<SendResult> answer = new CompletableFuture<>();
        transport.run(operation -> answer);
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            SyncWorker worker = new SyncWorker(
                    sync.outbox,
                    new NetworkProbe(() -> true),
                    TransportRegistry.of("test.", transport),
                    SyncEngine.Config.builder()
                            .inflightTimeout(Duration.ofMillis(400))
                            .build(),
                    () -> {});
            String id = sync.enqueue("/a", "x");
            for (int ms = 0; ms < 2_000; ms += 100) {
                worker.step(T0 + ms, 25);
            }

            answer.complete(SendResult.delivered());
            worker.step(T0 + 2_000, 25);

            assertThat(transport.calls()).isEqualTo(1);
            assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
        }
    }

    @Test
    void lateFailureOfTheOldOwnerIsRefusedWhileTheNewOneSends() {
        CompletableFuture<SendResult> slowAnswer = new CompletableFuture<>();
        try (EngineUnderTest sync = new EngineUnderTest(transport.run(operation -> slowAnswer))) {
            SyncWorker oldOwner = new SyncWorker(
                    sync.outbox,
                    new NetworkProbe(() -> true),
                    TransportRegistry.of("test.", transport),
                    SyncEngine.Config.builder().build(),
                    () -> {});
            String id = sync.enqueue("/a", "x");
            oldOwner.step(T0, 25);
            sync.store.requeueInflightOlderThan(T0 + 10_000, 10_000);
            assertThat(sync.store.claim(id, "new owner", T0 + 10_000)).isTrue();

            slowAnswer.complete(SendResult.permanent("too late"));
            oldOwner.step(T0 + 10_001, 0);

            assertThat(sync.status(id)).isEqualTo(OperationStatus.IN_FLIGHT);
        }
    }

    @Test
    void delayDoesNotOverflowFromAttemptFiftyFiveOn() {
        assertThat(RetryPolicy.defaults().delayFor(55)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void operationThatIsNotDurableIsNotSent() {
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            sync.store.fail(true);
            assertThatThrownBy(() -> sync.enqueue("/a", "x")).hasMessage("the disk is full");

            sync.store.fail(false);

            assertThat(sync.tick()).isZero();
        }
    }
}
