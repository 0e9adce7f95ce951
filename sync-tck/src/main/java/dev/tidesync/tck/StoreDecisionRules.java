package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 6: what a person may decide. */
interface StoreDecisionRules extends StoreUnderTest {
    @Test
    @DisplayName("6.1 a waiting operation can be cancelled, uncharged")
    default void waitingOperationCanBeCancelled() {
        needs(StoreFeature.CANCEL);
        put("pending", "failed");
        claimAndFail("failed", T0 + 500);

        store().cancel("pending", T0 + 1);
        store().cancel("failed", T0 + 1);

        assertThat(get("pending").attempt()).isZero();
        assertThat(get("failed").attempt()).isEqualTo(1);
        for (String id : new String[] {"pending", "failed"}) {
            assertThat(get(id).isPermanentFailed()).isTrue();
            assertThat(get(id).lastError()).startsWith("cancelled");
            assertThat(get(id).updatedAtMs()).isEqualTo(T0 + 1);
        }
        assertThat(readyIds(T0 + 500)).isEmpty();
    }

    @Test
    @DisplayName("6.2 what is in flight, delivered or buried cannot be cancelled, and the refusal says why")
    default void whatIsNotWaitingCannotBeCancelled() {
        needs(StoreFeature.CANCEL);
        put("in-flight", "done", "buried");
        claim("in-flight");
        claimAndFinish("done");
        claimAndBury("buried");

        assertRefused("in-flight", "IN_FLIGHT", () -> store().cancel("in-flight", T0));
        assertRefused("done", "DONE", () -> store().cancel("done", T0));
        assertRefused("buried", "PERMANENT_FAILED", () -> store().cancel("buried", T0));
    }

    private static void assertRefused(String id, String status, Runnable decision) {
        assertThatThrownBy(decision::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(id)
                .hasMessageContaining(status);
    }

    @Test
    @DisplayName("6.3 a buried operation can be replayed: PENDING, no attempts, and what it was is kept")
    default void buriedOperationCanBeReplayed() {
        needs(StoreFeature.REPLAY);
        put("a");
        claimAndBury("a");

        store().replay("a", T0 + 1);

        assertThat(get("a").isPending()).isTrue();
        assertThat(get("a").attempt()).isZero();
        assertThat(get("a").lastError()).contains("rejected");
        assertThat(readyIds(T0 + 1)).containsExactly("a");
        assertThat(store().claim("a", "owner", T0 + 1)).isTrue();
    }

    @Test
    @DisplayName("6.4 only a buried operation can be replayed, and the refusal says why")
    default void onlyABuriedOperationCanBeReplayed() {
        needs(StoreFeature.REPLAY);
        put("pending", "in-flight", "done");
        claim("in-flight");
        claimAndFinish("done");

        assertRefused("pending", "PENDING", () -> store().replay("pending", T0));
        assertRefused("in-flight", "IN_FLIGHT", () -> store().replay("in-flight", T0));
        assertRefused("done", "DONE", () -> store().replay("done", T0));
    }

    @Test
    @DisplayName("6.5 unknown ids are refused by name")
    default void unknownIdsAreRefusedByName() {
        needs(StoreFeature.CANCEL);
        needs(StoreFeature.REPLAY);

        assertThatThrownBy(() -> store().cancel("nobody", T0))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nobody");
        assertThatThrownBy(() -> store().replay("nobody", T0))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    @DisplayName("6.6 a batch of replays takes what is buried, and leaves the rest as it is")
    default void batchOfReplaysTakesWhatIsBuried() {
        needs(StoreFeature.REPLAY);
        put("first", "done", "second");
        claimAndBury("first");
        claimAndFinish("done");
        claimAndBury("second");

        assertThat(store().replayAll(List.of("first", "done", "nobody", "second"), T0 + 1))
                .isEqualTo(2);

        for (String id : new String[] {"first", "second"}) {
            assertThat(get(id).isPending()).as(id).isTrue();
            assertThat(get(id).attempt()).as(id).isZero();
            assertThat(get(id).lastError()).as(id).contains("rejected");
        }
        assertThat(get("done").isDone()).isTrue();
        assertThat(readyIds(T0 + 1)).containsExactly("first", "second");
    }

    @Test
    @DisplayName("6.7 forgetting dead letters takes those up to the given time, and nothing else")
    default void forgettingDeadLettersTakesOldOnesOnly() {
        needs(StoreFeature.PRUNE_DEAD_LETTERS);
        put("pending", "failed", "in flight", "done", "old", "new");
        claim("in flight");
        claimAndFail("failed", T0);
        claimAndFinish("done");
        claimAndBury("old");
        claim("new");
        store().markPermanentFailed("new", "rejected", T0 + 1);

        assertThat(store().pruneDeadLetters(T0)).isEqualTo(1);

        assertThat(store().get("old")).isEmpty();
        for (String id : new String[] {"pending", "failed", "in flight", "done", "new"}) {
            assertThat(store().get(id)).as(id).isPresent();
        }
        assertThat(store().pruneDeadLetters(T0 + 1)).isEqualTo(1);
        assertThat(store().pruneDone(T0)).isEqualTo(1);
    }

    @Test
    @DisplayName("6.8 a forgotten dead letter stays forgotten, and its id is free again")
    default void forgottenDeadLetterStaysForgotten() {
        needs(StoreFeature.PRUNE_DEAD_LETTERS);
        needs(StoreFeature.REOPENING);
        put("gone", "again");
        claimAndBury("gone");
        claimAndBury("again");
        store().pruneDeadLetters(T0);
        put(operation("again").payload("another life"));

        reopen();

        assertThat(store().get("gone")).isEmpty();
        assertThat(get("again").isPending()).isTrue();
        assertThat(get("again").payloadText()).isEqualTo("another life");
    }

    @Test
    @DisplayName("6.9 a lane goes on behind a dead letter that was forgotten")
    default void laneGoesOnBehindAForgottenDeadLetter() {
        needs(StoreFeature.PRUNE_DEAD_LETTERS);
        putInLane("lane", "a", "b");
        claimAndBury("a");

        store().pruneDeadLetters(T0);

        assertThat(readyIds(T0)).containsExactly("b");
        assertThat(store().claim("b", "owner", T0)).isTrue();
    }
}
