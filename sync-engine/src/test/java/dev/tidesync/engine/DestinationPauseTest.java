package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A destination that fails is paused, probed and taken up again, and nothing is charged for it. */
final class DestinationPauseTest {
    private static final SendResult DOWN =
            SendResult.retryable("connection refused").withScope(Scope.TARGET).withCode("http.connect");

    private final ScriptedTransport transport = new ScriptedTransport().answer(DOWN);
    private final EngineUnderTest sync = new EngineUnderTest(transport, config -> config.batchLimit(3));

    @AfterEach
    void close() {
        sync.close();
    }

    private void enqueue(int count, String target) {
        IntStream.range(0, count).forEach(i -> sync.enqueue(target, target + " " + i));
    }

    @Test
    void threeFailuresInARowPauseItByTheRetryPolicyOnItsOwnCount() {
        enqueue(10, "https://down.example/x");
        assertThat(sync.tick()).isEqualTo(3);

        assertThat(sync.tick()).isZero();
        assertThat(sync.tickAfter(499)).isZero();

        assertThat(sync.tickAfter(1)).as("one probe after 500 ms").isEqualTo(1);
        assertThat(sync.tickAfter(999)).isZero();
        assertThat(sync.tickAfter(1)).as("one probe after 1000 ms").isEqualTo(1);
        assertThat(sync.tickAfter(2000)).as("one probe after 2000 ms").isEqualTo(1);
    }

    @Test
    void pauseLastsAsLongAsTheDestinationAskedFor() {
        transport.answer(DOWN.withRetryAfter(Duration.ofSeconds(60)));
        enqueue(10, "https://down.example/x");
        sync.tick();

        assertThat(sync.tickAfter(59_999)).isZero();

        assertThat(sync.tickAfter(1)).isEqualTo(1);
    }

    @Test
    void oneAnswerCannotCloseADestinationForMoreThanAnHour() {
        transport.answer(DOWN.withRetryAfter(Duration.ofDays(300)));
        enqueue(10, "https://down.example/x");
        sync.tick();

        assertThat(sync.tickAfter(3_599_999)).isZero();

        assertThat(sync.tickAfter(1)).isEqualTo(1);
    }

    @Test
    void afterAnOutageItIsNotOverrun() {
        List<CompletableFuture<SendResult>> underWay = new ArrayList<>();
        enqueue(40, "https://down.example/x");
        SyncWorker worker = new SyncWorker(
                sync.outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().build(),
                () -> {});
        IntStream.range(0, 3).forEach(round -> worker.step(T0, 1));
        worker.step(T0, 0); // takes the third failure, and so begins the pause
        transport.run(operation -> {
            underWay.add(new CompletableFuture<>());
            return underWay.get(underWay.size() - 1);
        });

        List<Integer> sentInRound = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            sentInRound.add(worker.step(T0 + 10_000 + round, 25).sent());
            List.copyOf(underWay).forEach(send -> send.complete(SendResult.delivered()));
            underWay.clear();
        }

        assertThat(sentInRound).containsExactly(1, 2, 4, 8, 8);
    }

    @Test
    void nothingIsChargedHoweverLongItIsDown() {
        enqueue(5, "https://down.example/x");

        IntStream.range(0, 200).forEach(round -> sync.tickAfter(30_000));

        assertThat(sync.count(OperationStatus.PENDING)).isEqualTo(5);
        assertThat(sync.store.page(OperationStatus.PENDING, "", 10))
                .extracting(Operation::attempt)
                .containsOnly(0);
    }

    @Test
    void waitingOperationsSayWhyTheyWait() {
        enqueue(4, "https://down.example/x");
        sync.tick();
        sync.tick();

        String fourth = sync.store.page(OperationStatus.PENDING, "", 10).get(3).lastError();

        assertThat(fourth)
                .isEqualTo(
                        "destination 'https://down.example' is paused after 3 failures in a row, last: http.connect");
    }

    @Test
    void oneSuccessfulProbeOpensItAgain() {
        enqueue(10, "https://down.example/x");
        sync.tick();
        transport.answer(SendResult.delivered());

        assertThat(sync.tickAfter(500)).isEqualTo(3);
        IntStream.range(0, 3).forEach(round -> sync.tick());

        assertThat(sync.count(OperationStatus.DONE)).isEqualTo(10);
    }

    @Test
    void answerThatConcernsTheOperationAloneOpensItToo() {
        enqueue(10, "https://down.example/x");
        sync.tick();
        transport.answer(SendResult.permanent("bad request"));

        assertThat(sync.tickAfter(500)).isEqualTo(3);
    }

    @Test
    void otherDestinationsOfTheTransportGoOn() {
        transport.answer(operation -> operation.target().contains("down") ? DOWN : SendResult.delivered());
        enqueue(3, "https://down.example/x");
        sync.tick();
        enqueue(3, "https://down.example/x");
        enqueue(3, "https://up.example/x");

        assertThat(sync.tick()).isEqualTo(3);

        assertThat(sync.count(OperationStatus.DONE)).isEqualTo(3);
    }

    @Test
    void twoFailuresWithASuccessBetweenThemDoNotPauseIt() {
        int[] calls = {0};
        transport.answer(operation -> ++calls[0] % 3 == 0 ? SendResult.delivered() : DOWN);
        enqueue(9, "https://flaky.example/x");

        assertThat(sync.tick() + sync.tick() + sync.tick()).isEqualTo(9);
    }

    @Test
    void destinationIsForgottenOnceItsOperationsAreCancelled() {
        Outbox outbox = sync.outbox;
        SyncWorker worker = new SyncWorker(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().build(),
                () -> {});
        List<String> ids = IntStream.range(0, 20)
                .mapToObj(i -> sync.enqueue("https://down" + i + ".example/x", "x"))
                .toList();
        worker.step(T0, 25);
        worker.step(T0, 25);
        assertThat(worker.destinations()).isEqualTo(20);

        ids.stream().skip(1).forEach(id -> outbox.cancel(id, T0));

        long nowMs = T0;
        for (int minute = 0; minute < 10; minute++) {
            nowMs += 30_000;
            worker.step(nowMs, 25);
            worker.step(nowMs, 25);
        }
        assertThat(worker.destinations())
                .as("only that of the one still waiting")
                .isEqualTo(1);
    }

    @Test
    void clockThatGoesBackAYearProlongsThePauseByOneMoreAtMost() {
        enqueue(3, "https://down.example/x");
        sync.tick();
        transport.answer(SendResult.delivered());

        sync.nowMs.set(T0 - 31_536_000_000L);

        int sent = sync.tick() + sync.tickAfter(500) + sync.tickAfter(500);

        assertThat(sent).isEqualTo(3);
    }
}
