package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidesync.spi.Incident;
import dev.tidesync.spi.Settlement;
import dev.tidesync.spi.Standing;
import dev.tidesync.spi.Standing.State;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 9: what a person is told who asks where an operation stands. */
interface StoreStandingRules extends StoreUnderTest {
    @Test
    @DisplayName("9.1 an operation that may be claimed is ready, and one that is not known stands nowhere")
    default void operationThatMayBeClaimedIsReady() {
        put("a");

        assertThat(standing("a", T0).state()).isEqualTo(State.READY);
        assertThat(store().standing("unknown", T0)).isEmpty();
    }

    @Test
    @DisplayName("9.2 a delayed operation is not due before its time")
    default void delayedOperationIsNotDue() {
        put(operation("a").nextRetryAtMs(T0 + 500));

        assertThat(standing("a", T0 + 499).state()).isEqualTo(State.NOT_DUE);
        assertThat(standing("a", T0 + 500).state()).isEqualTo(State.READY);
    }

    @Test
    @DisplayName("9.3 one that waits in its lane names the head and how many are ahead of it")
    default void oneThatWaitsInItsLaneNamesTheHead() {
        putInLane("lane", "a", "b", "c");
        putInLane("other", "d");
        claim("a");

        Standing last = standing("c", T0);

        assertThat(last.state()).isEqualTo(State.BEHIND);
        assertThat(last.laneHeadId()).isEqualTo("a");
        assertThat(last.aheadInLane()).isEqualTo(2);
        assertThat(standing("d", T0).state()).isEqualTo(State.READY);
        assertThat(standing("d", T0).laneHeadId()).isEmpty();
    }

    @Test
    @DisplayName("9.4 what is claimed and what is finished say so")
    default void whatIsClaimedAndWhatIsFinishedSaySo() {
        put("claimed", "done", "buried");
        claim("claimed");
        claimAndFinish("done");
        claimAndBury("buried");

        assertThat(standing("claimed", T0).state()).isEqualTo(State.CLAIMED);
        assertThat(standing("done", T0).state()).isEqualTo(State.FINAL);
        assertThat(standing("buried", T0).state()).isEqualTo(State.FINAL);
    }

    @Test
    @DisplayName("9.5 a claim says whose it is, and since when")
    default void claimSaysWhoseItIs() {
        needs(StoreFeature.INCIDENTS);
        put("a");
        claim("a");

        assertThat(standing("a", T0 + 5).claimOwner()).isEqualTo("owner");
        assertThat(standing("a", T0 + 5).leaseStartMs()).isEqualTo(T0);
    }

    @Test
    @DisplayName("9.6 every attempt is told with its time and code, the newest first")
    default void everyAttemptIsToldWithItsTimeAndCode() {
        needs(StoreFeature.INCIDENTS);
        put("a");
        store().settle(Settlement.failed(claimOnly(T0), "no answer", T0 + 1, T0 + 1)
                .withCode("http.timeout"));
        store().settle(Settlement.released(claimOnly(T0 + 1), "slow down", T0 + 2, T0 + 2)
                .withCode("http.429"));
        store().settle(Settlement.permanentlyFailed(claimOnly(T0 + 2), "rejected", T0 + 3)
                .withCode("http.400"));
        store().replay("a", T0 + 4);

        assertThat(standing("a", T0 + 4).incidents())
                .extracting(Incident::type, Incident::atMs, Incident::code)
                .containsExactly(
                        tuple(Incident.Type.REPLAYED, T0 + 4, ""),
                        tuple(Incident.Type.BURIED, T0 + 3, "http.400"),
                        tuple(Incident.Type.RELEASED, T0 + 2, "http.429"),
                        tuple(Incident.Type.FAILED, T0 + 1, "http.timeout"));
    }

    @Test
    @DisplayName("9.7 what happened is still told when the store is opened again")
    default void whatHappenedIsStillToldWhenOpenedAgain() {
        needs(StoreFeature.INCIDENTS);
        needs(StoreFeature.REOPENING);
        put("a");
        claimAndFail("a", T0);
        claimAndFail("a", T0 + 500);

        reopen();

        assertThat(standing("a", T0).incidents())
                .extracting(Incident::type)
                .containsExactly(Incident.Type.FAILED, Incident.Type.FAILED);
    }

    private Standing standing(String id, long nowMs) {
        return store().standing(id, nowMs).orElseThrow();
    }
}
