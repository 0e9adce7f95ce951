package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
}
