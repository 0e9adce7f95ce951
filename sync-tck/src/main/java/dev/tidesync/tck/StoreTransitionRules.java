package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 1: what each event does to an operation of each status. */
interface StoreTransitionRules extends StoreUnderTest {
    @Test
    @DisplayName("1.1 a new operation is PENDING and keeps every byte of its intent")
    default void newOperationIsPendingAndKeepsItsIntent() {
        byte[] payload = {0, -1, 'x', '\n', 127, -128};
        Operation put = put(operation("a")
                .payload(payload)
                .header("Content-Type", "application/x-thing")
                .orderingKey("lane")
                .expiresAtMs(T0 + 60_000));

        assertThat(get("a")).isEqualTo(put);
        assertThat(get("a").payload()).isEqualTo(payload);
        assertThat(get("a").isPending()).isTrue();
    }

    @Test
    @DisplayName("1.2 putting the same intent again changes nothing")
    default void puttingTheSameIntentAgainChangesNothing() {
        Operation put = put(operation("a"));
        claimAndFinish("a");

        store().put(put);

        assertThat(get("a").isDone()).isTrue();
        assertThat(readyIds(T0)).isEmpty();
    }

    @Test
    @DisplayName("1.3 another intent under a known id is refused, and the first one stays")
    default void anotherIntentUnderAKnownIdIsRefused() {
        put("a");

        assertThatThrownBy(() -> put(operation("a").payload("something else")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a'");

        assertThat(get("a").payloadText()).isEqualTo("payload of a");
    }

    @Test
    @DisplayName("1.4 an operation without an id is refused")
    default void operationWithoutAnIdIsRefused() {
        assertThatThrownBy(() -> put(operation(""))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("1.5 a lifecycle that an operation brings along is ignored")
    default void lifecycleThatAnOperationBringsAlongIsIgnored() {
        Operation done = Operation.restore(operation("a").build())
                .status(OperationStatus.DONE)
                .attempt(5)
                .lastError("old")
                .build();

        store().put(done);

        assertThat(get("a").isPending()).isTrue();
        assertThat(get("a").attempt()).isZero();
        assertThat(get("a").lastError()).isEmpty();
    }

    @Test
    @DisplayName("1.6 a claimed operation is IN_FLIGHT since the time of the claim")
    default void claimedOperationIsInFlight() {
        put("a");

        assertThat(store().claim("a", "owner", T0 + 5)).isTrue();

        assertThat(get("a").isInFlight()).isTrue();
        assertThat(get("a").updatedAtMs()).isEqualTo(T0 + 5);
        assertThat(get("a").attempt()).isZero();
    }

    @Test
    @DisplayName("1.7 a delivered operation is DONE and has no error any more")
    default void deliveredOperationIsDoneWithoutError() {
        put("a");
        claimAndFail("a", T0);
        claim("a");

        assertThat(store().markDone("a", T0 + 9)).isTrue();

        assertThat(get("a").isDone()).isTrue();
        assertThat(get("a").lastError()).isEmpty();
        assertThat(get("a").attempt()).isEqualTo(1);
        assertThat(get("a").updatedAtMs()).isEqualTo(T0 + 9);
    }

    @Test
    @DisplayName("1.8 a failed operation is charged one attempt and says why and until when")
    default void failedOperationIsChargedAndSaysWhy() {
        put("a");
        claim("a");

        assertThat(store().markFailed("a", "connection reset", T0 + 1, T0 + 501))
                .isTrue();

        assertThat(get("a").isFailed()).isTrue();
        assertThat(get("a").attempt()).isEqualTo(1);
        assertThat(get("a").lastError()).isEqualTo("connection reset");
        assertThat(get("a").nextRetryAtMs()).isEqualTo(T0 + 501);
    }

    @Test
    @DisplayName("1.9 a permanent failure is charged and never listed or claimed again")
    default void permanentFailureIsNeverListedOrClaimedAgain() {
        put("a");
        claim("a");

        assertThat(store().markPermanentFailed("a", "400 bad request", T0)).isTrue();

        assertThat(get("a").isPermanentFailed()).isTrue();
        assertThat(get("a").attempt()).isEqualTo(1);
        assertThat(get("a").lastError()).isEqualTo("400 bad request");
        assertThat(readyIds(T0 + 1_000_000)).isEmpty();
        assertThat(store().claim("a", "owner", T0 + 1_000_000)).isFalse();
    }

    @Test
    @DisplayName("1.10 an outcome is taken only from an operation that is in flight")
    default void outcomeIsTakenOnlyFromAnOperationInFlight() {
        put("pending", "failed", "done", "buried");
        claimAndFail("failed", T0);
        claimAndFinish("done");
        claimAndBury("buried");

        for (String id : new String[] {"pending", "failed", "done", "buried"}) {
            Operation before = get(id);
            assertThat(store().markDone(id, T0 + 1)).as("done " + id).isFalse();
            assertThat(store().markFailed(id, "late", T0 + 1, T0 + 2))
                    .as("failed " + id)
                    .isFalse();
            assertThat(store().markPermanentFailed(id, "late", T0 + 1))
                    .as("buried " + id)
                    .isFalse();
            assertThat(get(id)).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("1.11 what is in flight, delivered or buried cannot be claimed")
    default void whatIsInFlightDeliveredOrBuriedCannotBeClaimed() {
        put("in flight", "done", "buried");
        claim("in flight");
        claimAndFinish("done");
        claimAndBury("buried");

        for (String id : new String[] {"in flight", "done", "buried"}) {
            assertThat(store().claim(id, "other", T0 + 1)).as(id).isFalse();
        }
    }

    @Test
    @DisplayName("1.12 unknown ids are refused without an error")
    default void unknownIdsAreRefusedWithoutAnError() {
        assertThat(store().get("nobody")).isEmpty();
        assertThat(store().claim("nobody", "owner", T0)).isFalse();
        assertThat(store().markDone("nobody", T0)).isFalse();
        assertThat(store().markFailed("nobody", "x", T0, T0)).isFalse();
        assertThat(store().markPermanentFailed("nobody", "x", T0)).isFalse();
    }

    @Test
    @DisplayName("1.13 a lease that ran out gives the operation back, due now, charged one attempt")
    default void leaseThatRanOutGivesTheOperationBack() {
        put("a");
        claim("a");

        assertThat(store().requeueInflightOlderThan(T0 + 9_999, 10_000)).isZero();
        assertThat(store().requeueInflightOlderThan(T0 + 10_000, 10_000)).isEqualTo(1);

        assertThat(get("a").isFailed()).isTrue();
        assertThat(get("a").attempt()).isEqualTo(1);
        assertThat(get("a").nextRetryAtMs()).isEqualTo(T0 + 10_000);
        assertThat(get("a").lastError()).contains("requeued after in-flight timeout");
        assertThat(readyIds(T0 + 10_000)).containsExactly("a");
    }

    @Test
    @DisplayName("1.14 pruning forgets DONE operations up to the given time, and nothing else")
    default void pruningForgetsOldDoneOperationsOnly() {
        put("pending", "in flight", "buried", "old", "new");
        claim("in flight");
        claimAndBury("buried");
        claimAndFinish("old");
        claim("new");
        store().markDone("new", T0 + 1);

        assertThat(store().pruneDone(T0)).isEqualTo(1);

        assertThat(store().get("old")).isEmpty();
        for (String id : new String[] {"pending", "in flight", "buried", "new"}) {
            assertThat(store().get(id)).as(id).isPresent();
        }
    }

    @Test
    @DisplayName("1.15 a released operation is not charged; it is PENDING if it never failed, else FAILED")
    default void releasedOperationIsNotCharged() {
        needs(StoreFeature.UNCHARGED_RELEASE);
        put("fresh");
        Claim fresh = claimOnly(T0);
        assertThat(store().settle(Settlement.released(fresh, "host is down", T0, T0 + 500)))
                .isTrue();

        put("tried");
        claimAndFail("tried", T0);
        Claim tried = claimOnly(T0);
        assertThat(store().settle(Settlement.released(tried, "host is down", T0, T0 + 500)))
                .isTrue();

        assertThat(get("fresh").isPending()).isTrue();
        assertThat(get("fresh").attempt()).isZero();
        assertThat(get("tried").isFailed()).isTrue();
        assertThat(get("tried").attempt()).isEqualTo(1);
        for (String id : new String[] {"fresh", "tried"}) {
            assertThat(get(id).lastError()).isEqualTo("host is down");
            assertThat(get(id).nextRetryAtMs()).isEqualTo(T0 + 500);
        }
        assertThat(readyIds(T0 + 499)).isEmpty();
        assertThat(readyIds(T0 + 500)).containsExactly("fresh", "tried");
    }

    @Test
    @DisplayName("1.16 a batch is put whole; one with a conflicting intent is refused by name")
    default void batchIsPutWhole() {
        store().putAll(List.of(operation("a").build(), operation("b").build()));

        assertThat(readyIds(T0)).containsExactly("a", "b");
        assertThatThrownBy(() -> store().putAll(
                                List.of(operation("b").payload("something else").build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    @DisplayName("1.17 a pruned id is unknown, and so is free again")
    default void prunedIdIsFreeAgain() {
        put("a");
        claimAndFinish("a");
        store().pruneDone(T0);

        assertThatThrownBy(() -> store().get("a").orElseThrow()).isInstanceOf(NoSuchElementException.class);
        put(operation("a").payload("another life"));

        assertThat(get("a").payloadText()).isEqualTo("another life");
        assertThat(get("a").isPending()).isTrue();
    }
}
