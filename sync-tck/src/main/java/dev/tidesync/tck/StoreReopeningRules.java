package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 8: closing, opening again, and being told of ready operations. */
interface StoreReopeningRules extends StoreUnderTest {
    @Test
    @DisplayName("8.1 opening again finds every operation as it stood")
    default void openingAgainFindsEveryOperationAsItStood() {
        needs(StoreFeature.REOPENING);
        put("pending", "in flight", "done", "failed", "buried");
        claim("in flight");
        claimAndFinish("done");
        claimAndFail("failed", T0 + 500);
        claimAndBury("buried");
        List<Operation> before = List.of(get("pending"), get("in flight"), get("done"), get("failed"), get("buried"));

        reopen();

        for (Operation operation : before) {
            assertThat(get(operation.id())).isEqualTo(operation);
        }
        assertThat(readyIds(T0 + 500)).containsExactly("pending", "failed");
    }

    @Test
    @DisplayName("8.2 what an earlier life left in flight is taken back, due now and charged")
    default void whatAnEarlierLifeLeftInFlightIsTakenBack() {
        needs(StoreFeature.REOPENING);
        needs(StoreFeature.RECLAIM);
        put("earlier", "now");
        assertThat(store().claim("earlier", store().defaultOwner(), T0)).isTrue();
        reopen();
        String owner = store().defaultOwner();
        assertThat(store().claim("now", owner, T0 + 1)).isTrue();

        assertThat(store().reclaimAbandoned(owner, T0 + 2)).isEqualTo(1);

        assertThat(get("earlier").isFailed()).isTrue();
        assertThat(get("earlier").attempt()).isEqualTo(1);
        assertThat(readyIds(T0 + 2)).containsExactly("earlier");
        assertThat(get("now").isInFlight()).isTrue();
        assertThat(store().reclaimAbandoned(owner, T0 + 3)).isZero();
    }

    @Test
    @DisplayName("8.3 tokens go on growing, and a claim of an earlier life is stale once taken back")
    default void tokensGoOnGrowing() {
        needs(StoreFeature.REOPENING);
        needs(StoreFeature.RECLAIM);
        needs(StoreFeature.TOKENS);
        put("a");
        Claim earlier = claimOnly(T0);
        reopen();
        store().reclaimAbandoned("owner", T0);

        Claim current = claimOnly(T0);

        assertThat(current.token()).isGreaterThan(earlier.token());
        assertThat(current.ambiguousBefore()).isTrue();
        assertThat(store().settle(Settlement.failed(earlier, "late", T0, T0))).isFalse();
        assertThat(store().settle(Settlement.delivered(current, T0))).isTrue();
    }

    @Test
    @DisplayName("8.4 the default owner differs from one opening to the next")
    default void defaultOwnerDiffersFromOneOpeningToTheNext() {
        needs(StoreFeature.REOPENING);
        needs(StoreFeature.RECLAIM);
        String first = store().defaultOwner();

        assertThat(reopen().defaultOwner()).isNotEqualTo(first);
    }

    @Test
    @DisplayName("8.5 closing twice does nothing, and a closed store says that it is closed")
    default void closedStoreSaysThatItIsClosed() {
        store().close();
        store().close();

        assertThatThrownBy(() -> put("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    @DisplayName("8.6 the listener hears of an operation that was put, and of one that became ready again")
    default void listenerHearsOfReadyOperations() {
        needs(StoreFeature.READY_LISTENER);
        AtomicInteger calls = new AtomicInteger();
        store().onReady(calls::incrementAndGet);

        put("a");
        assertThat(calls).hasPositiveValue();

        Claim claim = claimOnly(T0);
        calls.set(0);
        store().settle(Settlement.released(claim, "stopping", T0, T0));
        assertThat(calls).hasPositiveValue();
    }

    @Test
    @DisplayName("8.7 the listener hears when the head of a lane makes room for the next")
    default void listenerHearsWhenALaneMovesOn() {
        needs(StoreFeature.READY_LISTENER);
        putInLane("lane", "a", "b");
        claim("a");
        AtomicInteger calls = new AtomicInteger();
        store().onReady(calls::incrementAndGet);

        store().markDone("a", T0);

        assertThat(calls).hasPositiveValue();
    }

    @Test
    @DisplayName("8.8 the listener does not hear of an operation that is not ready")
    default void listenerDoesNotHearOfWhatIsNotReady() {
        needs(StoreFeature.READY_LISTENER);
        claimReady(T0, 10);
        AtomicInteger calls = new AtomicInteger();
        store().onReady(calls::incrementAndGet);

        put(operation("later").nextRetryAtMs(T0 + 5_000));

        assertThat(calls).hasValue(0);
    }
}
