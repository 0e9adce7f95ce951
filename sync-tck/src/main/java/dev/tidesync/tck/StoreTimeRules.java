package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 5: delays, expiry, and a clock that jumps. */
interface StoreTimeRules extends StoreUnderTest {
    /** A jump of the clock that no tolerance covers. */
    long ONE_DAY = 86_400_000L;

    @Test
    @DisplayName("5.1 a delayed operation is neither listed nor claimed before its time")
    default void delayedOperationWaitsForItsTime() {
        put(operation("a").nextRetryAtMs(T0 + 5_000));

        assertThat(readyIds(T0 + 4_999)).isEmpty();
        assertThat(store().claim("a", "owner", T0 + 4_999)).isFalse();
        assertThat(claimReady(T0 + 4_999, 10)).isEmpty();

        assertThat(readyIds(T0 + 5_000)).containsExactly("a");
        assertThat(store().claim("a", "owner", T0 + 5_000)).isTrue();
    }

    @Test
    @DisplayName("5.2 a failed operation is neither listed nor claimed before its retry is due")
    default void failedOperationWaitsForItsRetry() {
        put("a");
        claimAndFail("a", T0 + 500);

        assertThat(readyIds(T0 + 499)).isEmpty();
        assertThat(store().claim("a", "owner", T0 + 499)).isFalse();
        assertThat(store().claim("a", "owner", T0 + 500)).isTrue();
    }

    @Test
    @DisplayName("5.3 what was due a moment ago is not due at the moment before")
    default void dueTimeHoldsWhenTimeIsAskedBackwards() {
        put("a");
        claimAndFail("a", T0 + 500);

        assertThat(readyIds(T0 + 600)).containsExactly("a");
        assertThat(readyIds(T0 + 400)).isEmpty();
        assertThat(store().claim("a", "owner", T0 + 400)).isFalse();
        assertThat(readyIds(T0 + 600)).containsExactly("a");
    }

    @Test
    @DisplayName("5.4 the next due time is that of the first to become due or to expire")
    default void nextDueTimeIsTheFirstOfAll() {
        needs(StoreFeature.NEXT_DUE);
        assertThat(store().nextDueAtMs(T0)).isEmpty();
        put("ready");
        assertThat(store().nextDueAtMs(T0)).isEmpty();

        put(operation("later").nextRetryAtMs(T0 + 9_000));
        put(operation("sooner").nextRetryAtMs(T0 + 5_000));
        assertThat(store().nextDueAtMs(T0)).hasValue(T0 + 5_000);

        put(operation("mortal").expiresAtMs(T0 + 3_000));
        assertThat(store().nextDueAtMs(T0)).hasValue(T0 + 3_000);
    }

    @Test
    @DisplayName("5.5 a clock that goes back delays a policy retry by its own delay at most")
    default void clockThatGoesBackDelaysAPolicyRetryByItsDelayAtMost() {
        needs(StoreFeature.CLOCK_STEPS);
        put("a");
        claimAndFail("a", T0 + 30_000);

        assertThat(readyIds(T0 - ONE_DAY)).isEmpty();
        assertThat(readyIds(T0 - ONE_DAY + 30_000)).containsExactly("a");
        assertThat(store().claim("a", "owner", T0 - ONE_DAY + 30_000)).isTrue();
    }

    @Test
    @DisplayName("5.6 a clock that jumps forward and back again leaves a retry time as it was")
    default void clockThatJumpsForwardAndBackLeavesARetryTimeAsItWas() {
        put("a");
        claimAndFail("a", T0 + 500);

        assertThat(readyIds(T0 + ONE_DAY)).containsExactly("a");

        assertThat(readyIds(T0 + 1)).isEmpty();
        assertThat(readyIds(T0 + 500)).containsExactly("a");
    }

    @Test
    @DisplayName("5.7 a delay that was asked for is kept as asked, however the clock goes")
    default void delayThatWasAskedForIsKept() {
        put(operation("a").nextRetryAtMs(T0 + 5_000));

        assertThat(claimReady(T0 - ONE_DAY, 10)).isEmpty();
        assertThat(claimReady(T0 - ONE_DAY + 6_000, 10)).isEmpty();
        assertThat(claimReady(T0 + 4_999, 10)).isEmpty();

        assertThat(claimReady(T0 + 5_000, 10)).hasSize(1);
    }

    @Test
    @DisplayName("5.8 a due time that the other side asked for is kept as asked")
    default void dueTimeThatTheOtherSideAskedForIsKept() {
        needs(StoreFeature.TOKENS);
        put("a");
        Claim claim = claimOnly(T0);
        store().settle(Settlement.failed(claim, "429", T0, T0 + 60_000).withAskedDueTime(true));

        assertThat(claimReady(T0 - ONE_DAY + 61_000, 10)).isEmpty();
        assertThat(claimReady(T0 + 60_000, 10)).hasSize(1);
    }

    @Test
    @DisplayName("5.9 an operation without a delay is ready even if the clock says it is not yet enqueued")
    default void operationWithoutADelayIsAlwaysReady() {
        needs(StoreFeature.CLOCK_STEPS);
        put(operation("a").nextRetryAtMs(T0));

        assertThat(claimedIds(claimReady(T0 - ONE_DAY, 10))).containsExactly("a");
    }

    @Test
    @DisplayName("5.10 a claim from what is now the future starts its lease anew")
    default void claimFromTheFutureStartsItsLeaseAnew() {
        needs(StoreFeature.CLOCK_STEPS);
        put("a");
        claim("a");

        assertThat(store().requeueInflightOlderThan(T0 - ONE_DAY, 10_000)).isZero();
        assertThat(store().requeueInflightOlderThan(T0 - ONE_DAY + 10_000, 10_000))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("5.11 a clock that flickers loses nothing and hands nothing out twice")
    default void clockThatFlickersLosesNothing() {
        put("a", "b");
        claimAndFail("b", T0 + 500);
        int claims = 0;

        for (int flicker = 0; flicker < 10; flicker++) {
            claims +=
                    claimReady(T0 + (flicker % 2 == 0 ? ONE_DAY : -ONE_DAY), 10).size();
        }

        assertThat(claims).isEqualTo(2);
    }

    @Test
    @DisplayName("5.12 what has expired is buried, uncharged, and says so")
    default void whatHasExpiredIsBuried() {
        needs(StoreFeature.EXPIRY);
        put(operation("a").expiresAtMs(T0 + 1_000));
        put(operation("b").expiresAtMs(T0 + 2_000));
        put("c");

        assertThat(store().expire(T0 + 999)).isZero();
        assertThat(store().expire(T0 + 1_000)).isEqualTo(1);

        assertThat(get("a").isPermanentFailed()).isTrue();
        assertThat(get("a").lastError()).startsWith("expired");
        assertThat(get("a").attempt()).isZero();
        assertThat(get("b").isPending()).isTrue();
    }

    @Test
    @DisplayName("5.13 what has expired is not claimed")
    default void whatHasExpiredIsNotClaimed() {
        needs(StoreFeature.EXPIRY);
        put(operation("a").expiresAtMs(T0 + 1_000));

        assertThat(claimReady(T0 + 1_000, 10)).isEmpty();
        assertThat(store().claim("a", "owner", T0 + 1_000)).isFalse();
        assertThat(readyIds(T0 + 1_000)).isEmpty();
    }

    @Test
    @DisplayName("5.14 what is in flight does not expire")
    default void whatIsInFlightDoesNotExpire() {
        needs(StoreFeature.EXPIRY);
        put(operation("a").expiresAtMs(T0 + 1_000));
        claim("a");

        assertThat(store().expire(T0 + 5_000)).isZero();
        assertThat(store().markDone("a", T0 + 5_000)).isTrue();
    }

    @Test
    @DisplayName("5.15 what expires in a lane lets the next one go")
    default void whatExpiresInALaneLetsTheNextOneGo() {
        needs(StoreFeature.EXPIRY);
        put(operation("a").orderingKey("lane").expiresAtMs(T0 + 1_000).nextRetryAtMs(T0 + 60_000));
        putInLane("lane", "b");

        store().expire(T0 + 1_000);

        assertThat(claimedIds(claimReady(T0 + 1_000, 10))).containsExactly("b");
    }
}
