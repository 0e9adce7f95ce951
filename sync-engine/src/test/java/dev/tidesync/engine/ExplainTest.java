package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.DestinationStatus.Breaker;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.engine.insight.WaitReason.Cause;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever asks why an operation has not gone gets the true answer, and until when. */
class ExplainTest {
    private final ScriptedTransport transport = new ScriptedTransport();
    private final EngineUnderTest test = new EngineUnderTest(transport);

    @AfterEach
    void close() {
        test.close();
    }

    @Test
    void oneThatMayGoWaitsOnlyForAnEngineThatRuns() {
        String id = test.enqueue("/a", "x");

        assertThat(causes(id)).containsExactly(Cause.NOT_RUNNING);
    }

    @Test
    void delayedOneNamesItsTime() {
        String id = test.outbox.enqueue(Operation.builder()
                .kind("test.send")
                .target("/a")
                .nextRetryAtMs(T0 + 60_000)
                .build());

        assertThat(reason(id, Cause.DUE_TIME).untilMs()).isEqualTo(T0 + 60_000);
    }

    @Test
    void oneInALaneNamesTheHead() {
        String head = test.enqueueInLane("lane", "1");
        String follower = test.enqueueInLane("lane", "2");

        WaitReason reason = reason(follower, Cause.LANE);

        assertThat(reason.text()).contains("number 2 in lane 'lane'", head);
    }

    @Test
    void oneWhoseDestinationIsPausedSaysWhyAndUntilWhen() {
        transport.answer(SendResult.retryable("no answer").withCode("test.503").withScope(Scope.TARGET));
        String id = test.enqueue("https://dead.example.com/a", "x");
        for (int failures = 0; failures < 3; failures++) {
            test.tickAfter(1_000);
        }

        WaitReason reason = reason(id, Cause.DESTINATION_PAUSED);

        assertThat(reason.text()).contains("https://dead.example.com", "3 failures in a row", "test.503");
        assertThat(reason.untilMs()).isEqualTo(test.nowMs.get() + 500);
        assertThat(status().destinations())
                .extracting(DestinationStatus::breaker)
                .containsExactly(Breaker.OPEN);
    }

    @Test
    void afterThePauseTheBreakerIsHalfOpenAndThenClosed() {
        transport.answer(SendResult.retryable("no answer").withScope(Scope.TARGET));
        String id = test.enqueue("https://dead.example.com/a", "x");
        for (int failures = 0; failures < 3; failures++) {
            test.tickAfter(1_000);
        }

        test.nowMs.addAndGet(500);
        assertThat(status().destinations())
                .extracting(DestinationStatus::breaker)
                .containsExactly(Breaker.HALF_OPEN);
        transport.answer(SendResult.delivered());
        test.tickAfter(1_000);

        assertThat(causes(id)).containsExactly(Cause.DELIVERED);
        assertThat(status().destinations())
                .extracting(DestinationStatus::breaker)
                .containsExactly(Breaker.CLOSED);
    }

    @Test
    void oneWithoutATransportNamesThePrefixesThatAreLoaded() {
        String id = test.outbox.enqueue(Operation.of("mqtt.publish", "/a", "x"));

        assertThat(reason(id, Cause.TRANSPORT_MISSING).text()).contains("mqtt.publish", "test.");
    }

    @Test
    void whileTheNetworkIsAwayEveryoneWaitsForIt() {
        String id = test.enqueue("/a", "x");
        test.online.set(false);
        test.tick();

        assertThat(causes(id)).contains(Cause.OFFLINE);
        assertThat(status().online()).isFalse();
    }

    @Test
    void oneThatIsBuriedSaysWhatBuriedIt() {
        transport.answer(SendResult.permanent("no such account"));
        String id = test.enqueue("/a", "x");
        test.tick();

        assertThat(reason(id, Cause.GIVEN_UP).text()).contains("no such account");
    }

    @Test
    void theEndOfALongerWaitDecides() {
        WaitReason soon = new WaitReason(Cause.DUE_TIME, "soon", 1);
        WaitReason later = new WaitReason(Cause.DESTINATION_PAUSED, "later", 2);
        WaitReason open = WaitReason.of(Cause.OFFLINE, "who knows");
        String id = test.enqueue("/a", "x");

        Explanation explanation = test.outbox.explain(id).orElseThrow().with(List.of(soon, open, later));

        assertThat(explanation.reasons()).containsExactly(open, later, soon);
    }

    @Test
    void nobodyKnowsWhatWasNeverEnqueued() {
        assertThat(test.engine.explain("unknown")).isEmpty();
    }

    @Test
    void aRunningEngineIsAskedWhileItSends() {
        BlockingTransport blocking = new BlockingTransport();
        try (EngineUnderTest running = new EngineUnderTest(blocking).withRunningClock()) {
            blocking.hold("/a");
            String sent = running.enqueue("/a", "1");
            String waiting = running.enqueue("/a", "2");
            running.engine.start();
            Awaitility.await().until(() -> blocking.underWay() == 1);

            Explanation underWay = running.engine.explain(sent).orElseThrow();
            Explanation behind = running.engine.explain(waiting).orElseThrow();
            blocking.letGo("/a");

            assertThat(underWay.reasons()).extracting(WaitReason::cause).containsOnly(Cause.BEING_SENT);
            assertThat(underWay.reasons()).extracting(WaitReason::untilMs).anyMatch(until -> until > 0);
            assertThat(behind.reason().cause()).isEqualTo(Cause.WINDOW_FULL);
        }
    }

    private WaitReason reason(String id, Cause cause) {
        return explain(id).reasons().stream()
                .filter(reason -> reason.cause() == cause)
                .findFirst()
                .orElseThrow(() -> new AssertionError(explain(id).toString()));
    }

    private List<Cause> causes(String id) {
        return explain(id).reasons().stream().map(WaitReason::cause).toList();
    }

    private Explanation explain(String id) {
        return test.engine.explain(id).orElseThrow();
    }

    private EngineStatus status() {
        return test.engine.status().orElseThrow();
    }
}
