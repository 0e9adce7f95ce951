package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a person decides on many dead letters at once is on disk when it returns, and costs one wait for it. */
class PersonsDecisionsTest {
    private static final long T0 = 1_700_000_000_000L;

    private final StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);

    @Test
    void aBatchOfReplaysForcesTheDiskOnceAndSurvivesAPowerCut() {
        List<String> ids = buried(20);
        long before = simulated.disk().forces();

        assertThat(simulated.store().replayAll(ids, T0)).isEqualTo(20);

        assertThat(simulated.disk().forces() - before).isEqualTo(1);
        simulated.crashAndReopen();
        assertThat(simulated.store().counts().get(OperationStatus.PENDING)).isEqualTo(20);
    }

    @Test
    void forgottenDeadLettersStayForgottenAfterAPowerCut() {
        buried(20);
        long before = simulated.disk().forces();

        assertThat(simulated.store().pruneDeadLetters(T0)).isEqualTo(20);

        assertThat(simulated.disk().forces() - before).isEqualTo(1);
        simulated.crashAndReopen();
        assertThat(simulated.store().counts().values()).containsOnly(0L);
    }

    /** Small enough to stay within one segment, since beginning another is a force too. */
    private List<String> buried(int count) {
        List<String> ids =
                IntStream.range(0, count).mapToObj(number -> "op-" + number).toList();
        for (String id : ids) {
            simulated
                    .store()
                    .put(Operation.of("http.post", "/a", "").toBuilder().id(id).build());
            simulated.store().cancel(id, T0);
        }
        return ids;
    }
}
