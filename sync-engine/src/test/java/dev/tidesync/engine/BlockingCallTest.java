package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that blocks in {@code sendAsync}, which should return at once, holds up nobody but itself. */
@Timeout(30)
final class BlockingCallTest {
    private static final String DEAD = "https://dead.example/x";
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(300);

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final ScriptedTransport transport = new ScriptedTransport().run(this::blockIfDead);

    /** What {@code sendAsync} does: it waits for the dead, although it must not, and delivers to the others. */
    private CompletionStage<SendResult> blockIfDead(Operation operation) {
        if (operation.target().equals(DEAD)) {
            awaitRelease();
        }
        return CompletableFuture.completedFuture(SendResult.delivered());
    }

    private void awaitRelease() {
        try {
            release.await();
        } catch (InterruptedException expected) {
            interrupted.set(true);
            throw new IllegalStateException("interrupted", expected);
        }
    }

    /** What a transport does that ignores interrupts, too. */
    private CompletionStage<SendResult> blockWhateverHappens(Operation operation) {
        boolean released = false;
        while (!released) {
            try {
                release.await();
                released = true;
            } catch (InterruptedException ignored) {
                interrupted.set(true);
            }
        }
        return CompletableFuture.completedFuture(SendResult.delivered());
    }

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void blockedDestinationCostsItsOwnWindowOnly() {
        try (EngineUnderTest sync = new EngineUnderTest(transport)) {
            IntStream.range(0, 50).forEach(i -> {
                sync.enqueue(DEAD, "dead");
                sync.enqueue("https://good" + i % 5 + ".example/x", "good");
            });

            sync.engine.start();

            await().until(() -> sync.count(OperationStatus.DONE) == 50);
            assertThat(sync.count(OperationStatus.IN_FLIGHT)).isEqualTo(1);
            release.countDown();
            await().until(() -> sync.count(OperationStatus.DONE) == 100);
        }
    }

    @Test
    void otherTransportIsNotHeldUp() {
        try (EngineUnderTest sync = new EngineUnderTest(
                Map.of("test.", transport, "other.", new ScriptedTransport()),
                config -> config.stopTimeout(Duration.ofMillis(50)))) {
            sync.enqueue(DEAD, "dead");
            sync.engine.start();
            await().until(() -> transport.calls() == 1);

            String other = sync.outbox.enqueue(Operation.of("other.send", DEAD, "x"));

            await().until(() -> sync.status(other) == OperationStatus.DONE);
        }
    }

    @Test
    void leaseOfABlockedCallIsKept() {
        try (EngineUnderTest sync = new EngineUnderTest(
                        transport, config -> config.inflightTimeout(Duration.ofMillis(200)))
                .withRunningClock()) {
            String id = sync.enqueue(DEAD, "x");
            sync.engine.start();

            await().during(Duration.ofMillis(600)).until(() -> sync.status(id) == OperationStatus.IN_FLIGHT);
            release.countDown();

            await().until(() -> sync.status(id) == OperationStatus.DONE);
            assertThat(sync.get(id).attempt()).isZero();
            assertThat(transport.calls()).isEqualTo(1);
        }
    }

    @Test
    void blockedCallIsInterruptedAtItsDeadlineAndCharged() {
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String id = sync.enqueue(DEAD, "x");

            sync.engine.start();

            await().until(() -> sync.status(id) == OperationStatus.FAILED);
            assertThat(sync.get(id).attempt()).isEqualTo(1);
            assertThat(sync.get(id).lastError()).isEqualTo("no answer within 300 ms");
            await().untilTrue(interrupted);
        }
    }

    @Test
    void tickEndsThoughACallBlocks() {
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String dead = sync.enqueue(DEAD, "x");
            String good = sync.enqueue("https://good.example/x", "x");

            sync.tick();
            sync.tickAfter(60_000);

            assertThat(sync.get(dead).lastError()).isEqualTo("no answer within 300 ms");
            assertThat(sync.status(good)).isEqualTo(OperationStatus.DONE);
            await().untilTrue(interrupted);
        }
    }

    @Test
    void callThatIgnoresItsInterruptCountsAsAHangingSend() {
        transport.run(this::blockWhateverHappens);
        try (EngineUnderTest sync = new EngineUnderTest(
                transport, config -> config.sendTimeout(SHORT_TIMEOUT).maxAbandonedSends(2))) {
            sync.enqueue("https://a.example/", "1");
            sync.enqueue("https://b.example/", "2");
            sync.engine.start();
            await().until(() -> sync.count(OperationStatus.FAILED) == 2);

            String third = sync.enqueue("https://c.example/", "3");

            await().until(() -> sync.get(third).lastError().startsWith("transport 'test' is paused: 2 of its sends"));

            assertThat(transport.calls()).isEqualTo(2);
        }
    }

    @Test
    void deliveryByACallThatReturnsLateCounts() {
        transport.run(this::blockWhateverHappens);
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String id = sync.enqueue(DEAD, "x");
            sync.engine.start();
            await().until(() -> sync.status(id) == OperationStatus.FAILED);

            release.countDown();

            await().until(() -> sync.status(id) == OperationStatus.DONE);
            assertThat(transport.calls()).isEqualTo(1);
        }
    }

    @Test
    void stopIsNotHeldUpAndGivesTheOperationBack() {
        try (EngineUnderTest sync =
                new EngineUnderTest(transport, config -> config.stopTimeout(Duration.ofMillis(50)))) {
            String id = sync.enqueue(DEAD, "x");
            sync.engine.start();
            await().until(() -> transport.calls() == 1);

            sync.engine.stop();

            assertThat(sync.status(id)).isEqualTo(OperationStatus.PENDING);
            assertThat(sync.get(id).attempt()).isZero();
            await().untilTrue(interrupted);
        }
    }

    @Test
    void tickCallsInTheOrderOfTheQueue() {
        ScriptedTransport quick = new ScriptedTransport();
        try (EngineUnderTest sync = new EngineUnderTest(quick)) {
            List<String> texts =
                    IntStream.range(0, 100).mapToObj(Integer::toString).toList();
            texts.forEach(text -> sync.enqueue("/a", text));

            for (int round = 0; round < 4; round++) {
                sync.tick();
            }

            assertThat(quick.sentTexts()).isEqualTo(texts);
        }
    }
}
