package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations that share an ordering key arrive in the order in which they were enqueued. */
final class LaneTest {
    private final ScriptedTransport transport = new ScriptedTransport();
    private final EngineUnderTest sync = new EngineUnderTest(transport);

    @AfterEach
    void close() {
        sync.close();
    }

    private void failOnceAt(String payload, SendResult failure) {
        boolean[] failed = {false};
        transport.answer(operation -> {
            boolean fails = operation.payloadText().equals(payload) && !failed[0];
            failed[0] |= fails;
            return fails ? failure : SendResult.delivered();
        });
    }

    @Test
    void wholeLaneGoesInOneTickInOrder() {
        IntStream.range(0, 10).forEach(i -> sync.enqueueInLane("invoice", "" + i));

        assertThat(sync.tick()).isEqualTo(10);

        assertThat(transport.sentTexts()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void failedHeadHoldsItsLaneButNoOther() {
        failOnceAt("a1", SendResult.retryable("busy"));
        sync.enqueueInLane("a", "a1");
        sync.enqueueInLane("a", "a2");
        sync.enqueueInLane("b", "b1");

        sync.tick();
        assertThat(transport.sentTexts()).containsExactlyInAnyOrder("a1", "b1");

        sync.tickAfter(500);
        assertThat(transport.sentTexts()).endsWith("a1", "a2");
    }

    @Test
    void releasedHeadHoldsItsLane() {
        failOnceAt("a1", SendResult.retryable("down").withScope(Scope.TARGET));
        sync.enqueueInLane("a", "a1");
        sync.enqueueInLane("a", "a2");

        assertThat(sync.tick()).isEqualTo(1);
        sync.tickAfter(500);

        assertThat(transport.sentTexts()).containsExactly("a1", "a1", "a2");
    }

    @Test
    void buriedHeadLetsTheNextOneGo() {
        failOnceAt("a1", SendResult.permanent("bad request"));
        sync.enqueueInLane("a", "a1");
        String second = sync.enqueueInLane("a", "a2");

        assertThat(sync.tick()).isEqualTo(2);

        assertThat(sync.status(second)).isEqualTo(OperationStatus.DONE);
    }
}
