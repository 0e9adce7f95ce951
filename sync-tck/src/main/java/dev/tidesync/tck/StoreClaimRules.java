package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 4: who may send, and whose word on the outcome counts. */
interface StoreClaimRules extends StoreUnderTest {
    /** How many threads race in each rule that is about races. */
    int RACERS = 8;

    @Test
    @DisplayName("4.1 of eight threads that race for an operation, one wins")
    default void oneOfManyThreadsWinsAnOperation() throws Exception {
        IntStream.range(0, 25).forEach(i -> put("operation-" + i));

        for (int i = 0; i < 25; i++) {
            String id = "operation-" + i;
            List<Boolean> won = race(() -> store().claim(id, "owner", T0));

            assertThat(won).containsOnlyOnce(true);
        }
    }

    @Test
    @DisplayName("4.2 eight threads that drain the store get each operation once")
    default void manyThreadsDrainEachOperationOnce() throws Exception {
        IntStream.range(0, 200).forEach(i -> put("operation-" + i));

        List<List<String>> drained = race(this::drain);

        assertThat(drained.stream().flatMap(List::stream)).hasSize(200).doesNotHaveDuplicates();
    }

    private List<String> drain() {
        List<String> mine = new ArrayList<>();
        for (List<Claim> batch = claimReady(T0, 7); !batch.isEmpty(); batch = claimReady(T0, 7)) {
            mine.addAll(claimedIds(batch));
        }
        return mine;
    }

    @Test
    @DisplayName("4.3 of eight threads that put the same operation, none fails, and one operation is there")
    default void manyThreadsPutTheSameOperation() throws Exception {
        race(() -> put(operation("a")));

        assertThat(readyIds(T0)).containsExactly("a");
    }

    private static <T> List<T> race(Callable<T> action) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : threads.invokeAll(
                    IntStream.range(0, RACERS).mapToObj(racer -> action).toList())) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("4.4 a claim carries the operation, in flight, and its owner")
    default void claimCarriesTheOperationAndItsOwner() {
        put("a");

        Claim claim = claimOnly(T0 + 3);

        assertThat(claim.operation()).isEqualTo(get("a"));
        assertThat(claim.operation().isInFlight()).isTrue();
        assertThat(claim.owner()).isEqualTo("owner");
        assertThat(claim.ambiguousBefore()).isFalse();
    }

    @Test
    @DisplayName("4.5 tokens grow with every claim")
    default void tokensGrowWithEveryClaim() {
        needs(StoreFeature.TOKENS);
        put("a", "b");

        List<Claim> first = claimReady(T0, 10);
        store().requeueInflightOlderThan(T0 + 1, 0);
        List<Claim> second = claimReady(T0 + 1, 10);

        List<Claim> all = new ArrayList<>(first);
        all.addAll(second);
        assertThat(all.stream().map(Claim::token).toList())
                .hasSize(4)
                .isSorted()
                .doesNotHaveDuplicates()
                .doesNotContain(0L);
    }

    @Test
    @DisplayName("4.6 a late failure cannot overwrite a newer claim")
    default void lateFailureCannotOverwriteANewerClaim() {
        needs(StoreFeature.TOKENS);
        put("a");
        Claim stale = claimOnly(T0);
        store().requeueInflightOlderThan(T0 + 10_000, 10_000);
        Claim current = claimOnly(T0 + 10_000);

        assertThat(store().settle(Settlement.failed(stale, "timeout", T0 + 11_000, T0 + 12_000)))
                .isFalse();
        assertThat(store().settle(Settlement.permanentlyFailed(stale, "gone", T0 + 11_000)))
                .isFalse();
        assertThat(store().settle(Settlement.released(stale, "stop", T0 + 11_000, T0 + 11_000)))
                .isFalse();

        assertThat(get("a")).isEqualTo(current.operation());
        assertThat(store().settle(Settlement.delivered(current, T0 + 12_000))).isTrue();
    }

    @Test
    @DisplayName("4.7 a late delivery becomes DONE, since it is true")
    default void lateDeliveryBecomesDone() {
        needs(StoreFeature.TOKENS);
        put("a", "b", "c");
        List<Claim> stale = claimReady(T0, 3);
        store().requeueInflightOlderThan(T0 + 10_000, 10_000);
        claim("b", T0 + 10_000);
        claim("c", T0 + 10_000);
        store().markPermanentFailed("c", "rejected", T0 + 10_000);

        for (Claim claim : stale) {
            assertThat(store().settle(Settlement.delivered(claim, T0 + 11_000))).isTrue();
            assertThat(get(claim.operation().id()).isDone()).isTrue();
            assertThat(get(claim.operation().id()).lastError()).isEmpty();
        }
    }

    private void claim(String id, long nowMs) {
        assertThat(store().claim(id, "other", nowMs)).isTrue();
    }

    @Test
    @DisplayName("4.8 a second delivery changes nothing")
    default void secondDeliveryChangesNothing() {
        put("a");
        Claim claim = claimOnly(T0);

        assertThat(store().settle(Settlement.delivered(claim, T0 + 1))).isTrue();
        assertThat(store().settle(Settlement.delivered(claim, T0 + 2))).isFalse();

        assertThat(get("a").updatedAtMs()).isEqualTo(T0 + 1);
    }

    @Test
    @DisplayName("4.9 the outcome of an operation that is gone is refused")
    default void outcomeOfAPrunedOperationIsRefused() {
        put("a");
        Claim claim = claimOnly(T0);
        store().settle(Settlement.delivered(claim, T0));
        store().pruneDone(T0);

        assertThat(store().settle(Settlement.delivered(claim, T0))).isFalse();
        assertThat(store().settle(Settlement.failed(claim, "x", T0, T0))).isFalse();
    }

    @Test
    @DisplayName("4.10 a batch of outcomes is answered in order")
    default void batchOfOutcomesIsAnsweredInOrder() {
        put("a", "b", "c");
        List<Claim> claims = claimReady(T0, 3);
        store().markDone("b", T0);

        List<Boolean> answers = store().settleAll(List.of(
                Settlement.delivered(claims.get(0), T0),
                Settlement.failed(claims.get(1), "late", T0, T0),
                Settlement.permanentlyFailed(claims.get(2), "rejected", T0)));

        assertThat(answers).containsExactly(true, false, true);
        assertThat(get("a").isDone()).isTrue();
        assertThat(get("b").isDone()).isTrue();
        assertThat(get("c").isPermanentFailed()).isTrue();
    }

    @Test
    @DisplayName("4.11 a renewed lease does not run out")
    default void renewedLeaseDoesNotRunOut() {
        needs(StoreFeature.LEASE_RENEWAL);
        put("a", "b");
        List<Claim> claims = claimReady(T0, 2);

        store().renewLeases(claims.subList(0, 1), T0 + 9_000);

        assertThat(store().requeueInflightOlderThan(T0 + 10_000, 10_000)).isEqualTo(1);
        assertThat(get("a").isInFlight()).isTrue();
        assertThat(get("b").isFailed()).isTrue();
        assertThat(store().requeueInflightOlderThan(T0 + 19_000, 10_000)).isEqualTo(1);
    }

    @Test
    @DisplayName("4.12 a stale claim cannot renew the lease of a newer one")
    default void staleClaimCannotRenewTheLeaseOfANewerOne() {
        needs(StoreFeature.LEASE_RENEWAL);
        put("a");
        Claim stale = claimOnly(T0);
        store().requeueInflightOlderThan(T0, 0);
        claimOnly(T0);

        store().renewLeases(List.of(stale), T0 + 9_000);

        assertThat(store().requeueInflightOlderThan(T0 + 10_000, 10_000)).isEqualTo(1);
    }

    @Test
    @DisplayName("4.13 a claim says whether an earlier attempt may have been applied")
    default void claimSaysWhetherAnEarlierAttemptMayHaveBeenApplied() {
        needs(StoreFeature.TOKENS);
        put("a", "b");
        List<Claim> claims = claimReady(T0, 2);
        store().settle(Settlement.failed(claims.get(0), "no answer", T0, T0).withAmbiguous(true));
        store().settle(Settlement.failed(claims.get(1), "refused", T0, T0));

        List<Claim> again = claimReady(T0, 2);

        assertThat(again.get(0).ambiguousBefore()).isTrue();
        assertThat(again.get(1).ambiguousBefore()).isFalse();
    }

    @Test
    @DisplayName("4.14 a permanent failure that is not charged costs no attempt")
    default void unchargedPermanentFailureCostsNoAttempt() {
        needs(StoreFeature.UNCHARGED_RELEASE);
        put("a");

        store().settle(Settlement.permanentlyFailed(claimOnly(T0), "expired: too late", T0)
                .uncharged());

        assertThat(get("a").isPermanentFailed()).isTrue();
        assertThat(get("a").attempt()).isZero();
    }
}
