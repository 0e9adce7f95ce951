package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.ListOptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 3: operations that share an ordering key go strictly one after another. */
interface StoreLaneRules extends StoreUnderTest {
    @Test
    @DisplayName("3.1 only the head of a lane is ready")
    default void onlyTheHeadOfALaneIsReady() {
        putInLane("lane", "a", "b", "c");

        assertThat(readyIds(T0)).containsExactly("a");
        assertThat(claimedIds(claimReady(T0, 10))).containsExactly("a");
    }

    @Test
    @DisplayName("3.2 what stands behind the head cannot be claimed by name")
    default void whatStandsBehindTheHeadCannotBeClaimed() {
        putInLane("lane", "a", "b");

        assertThat(store().claim("b", "owner", T0)).isFalse();
    }

    @Test
    @DisplayName("3.3 the next one goes once the head is DONE")
    default void nextGoesOnceTheHeadIsDone() {
        putInLane("lane", "a", "b", "c");

        claimAndFinish("a");
        assertThat(readyIds(T0)).containsExactly("b");
        claimAndFinish("b");
        assertThat(readyIds(T0)).containsExactly("c");
    }

    @Test
    @DisplayName("3.4 the next one goes once the head is buried")
    default void nextGoesOnceTheHeadIsBuried() {
        putInLane("lane", "a", "b");

        claimAndBury("a");

        assertThat(readyIds(T0)).containsExactly("b");
        claim("b");
    }

    @Test
    @DisplayName("3.5 a head that is in flight or waits for a retry keeps its lane closed")
    default void headThatWaitsForARetryKeepsItsLaneClosed() {
        putInLane("lane", "a", "b");

        claim("a");
        assertThat(readyIds(T0)).isEmpty();
        store().markFailed("a", "no answer", T0, T0 + 500);
        assertThat(readyIds(T0 + 499)).isEmpty();
        assertThat(store().claim("b", "owner", T0 + 499)).isFalse();

        assertThat(readyIds(T0 + 500)).containsExactly("a");
    }

    @Test
    @DisplayName("3.6 a delayed head keeps its lane closed")
    default void delayedHeadKeepsItsLaneClosed() {
        put(operation("a").orderingKey("lane").nextRetryAtMs(T0 + 500));
        putInLane("lane", "b");

        assertThat(readyIds(T0)).isEmpty();
        assertThat(readyIds(T0 + 500)).containsExactly("a");
    }

    @Test
    @DisplayName("3.7 lanes do not wait for each other, nor does what has no lane")
    default void lanesDoNotWaitForEachOther() {
        putInLane("one", "a", "b");
        putInLane("two", "c");
        put("d");

        claim("a");

        assertThat(readyIds(T0)).containsExactly("c", "d");
    }

    @Test
    @DisplayName("3.8 a lane spans kinds and destinations")
    default void laneSpansKindsAndDestinations() {
        put(operation("a").orderingKey("lane").target("https://one.example.com/"));
        put(operation("b").orderingKey("lane").kind("ws.send").target("wss://two.example.com/"));

        assertThat(readyIds(T0)).containsExactly("a");
    }

    @Test
    @DisplayName("3.9 what stands in the middle of a lane can be cancelled, and the others keep their order")
    default void middleOfALaneCanBeCancelled() {
        needs(StoreFeature.CANCEL);
        putInLane("lane", "a", "b", "c");

        store().cancel("b", T0);

        assertThat(readyIds(T0)).containsExactly("a");
        claimAndFinish("a");
        assertThat(readyIds(T0)).containsExactly("c");
    }

    @Test
    @DisplayName("3.10 cancelling the head lets the next one go")
    default void cancellingTheHeadLetsTheNextOneGo() {
        needs(StoreFeature.CANCEL);
        putInLane("lane", "a", "b");

        store().cancel("a", T0);

        assertThat(claimedIds(claimReady(T0, 10))).containsExactly("b");
    }

    @Test
    @DisplayName("3.11 a replayed operation goes to the end of its lane")
    default void replayedOperationGoesToTheEndOfItsLane() {
        needs(StoreFeature.REPLAY);
        putInLane("lane", "a", "b");
        claimAndBury("a");

        store().replay("a", T0);

        assertThat(readyIds(T0)).containsExactly("b");
        assertThat(ids(store().list(ListOptions.builder().onlyReady(false).build())))
                .containsExactly("b", "a");
        claimAndFinish("b");
        assertThat(readyIds(T0)).containsExactly("a");
    }

    @Test
    @DisplayName("3.12 a lane keeps its order when the store is opened again")
    default void laneKeepsItsOrderWhenOpenedAgain() {
        needs(StoreFeature.REOPENING);
        putInLane("lane", "a", "b", "c");
        claimAndFinish("a");

        reopen();

        assertThat(readyIds(T0)).containsExactly("b");
    }
}
