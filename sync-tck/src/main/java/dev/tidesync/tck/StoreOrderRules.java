package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ListOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 2: in which order operations are listed and claimed, and what must not stand in the way of what. */
interface StoreOrderRules extends StoreUnderTest {
    @Test
    @DisplayName("2.1 operations are listed in the order in which they were put")
    default void operationsAreListedInTheOrderOfPutting() {
        List<String> ids = IntStream.range(0, 200)
                .mapToObj(i -> "operation-" + (i * 7919 % 1000))
                .toList();
        ids.forEach(id -> put(operation(id)));

        List<Operation> listed =
                store().list(ListOptions.builder().nowMs(T0).limit(1_000).build());

        assertThat(ids(listed)).isEqualTo(ids);
    }

    @Test
    @DisplayName("2.2 an operation keeps its place through failures")
    default void operationKeepsItsPlaceThroughFailures() {
        put("a", "b", "c");

        claimAndFail("a", T0);

        assertThat(readyIds(T0)).containsExactly("a", "b", "c");
    }

    @Test
    @DisplayName("2.3 a limit of 0 shows nothing, a huge one everything, the default 50")
    default void limitsAreKept() {
        IntStream.range(0, 60).forEach(i -> put("operation-" + i));

        assertThat(store().list(ListOptions.builder().nowMs(T0).limit(0).build()))
                .isEmpty();
        assertThat(store().list(ListOptions.builder()
                        .nowMs(T0)
                        .limit(Integer.MAX_VALUE)
                        .build()))
                .hasSize(60);
        assertThat(store().list(ListOptions.readyAt(T0))).hasSize(50);
        assertThat(claimReady(T0, 0)).isEmpty();
        assertThat(claimReady(T0, Integer.MAX_VALUE)).hasSize(60);
    }

    @Test
    @DisplayName("2.4 what is in flight is listed only if asked for")
    default void whatIsInFlightIsListedOnlyIfAskedFor() {
        put("a", "b");
        claim("a");

        assertThat(readyIds(T0)).containsExactly("b");
        assertThat(ids(store().list(ListOptions.builder()
                        .nowMs(T0)
                        .includeInflight(true)
                        .build())))
                .containsExactly("a", "b");
    }

    @Test
    @DisplayName("2.5 what is not ready is listed only if asked for, what is final never")
    default void whatIsNotReadyIsListedOnlyIfAskedFor() {
        put("done", "buried", "ready", "later");
        claimAndFinish("done");
        claimAndBury("buried");
        claimAndFail("later", T0 + 500);

        assertThat(readyIds(T0)).containsExactly("ready");
        assertThat(ids(store().list(ListOptions.builder().onlyReady(false).build())))
                .containsExactly("ready", "later");
    }

    @Test
    @DisplayName("2.6 operations that are not due do not hide a ready one behind them")
    default void operationsThatAreNotDueDoNotHideAReadyOne() {
        IntStream.range(0, 60).forEach(i -> put(operation("later-" + i).nextRetryAtMs(T0 + 60_000)));
        put("ready");

        assertThat(ids(store().list(ListOptions.builder().nowMs(T0).limit(1).build())))
                .containsExactly("ready");
        assertThat(claimedIds(claimReady(T0, 1))).containsExactly("ready");
    }

    @Test
    @DisplayName("2.7 a queue that the gate closes does not hide the others")
    default void queueThatTheGateClosesDoesNotHideTheOthers() {
        needs(StoreFeature.FAIR_QUEUES);
        IntStream.range(0, 200).forEach(i -> put(operation("dead-" + i).target("https://dead.example.com/" + i)));
        put(operation("alive").target("https://alive.example.com/"));

        List<Claim> claims = claimReady(
                T0, 10, (kind, destination) -> destination.contains("dead") ? Admission.upTo(0) : Admission.upTo(10));

        assertThat(claimedIds(claims)).containsExactly("alive");
    }

    @Test
    @DisplayName("2.8 a batch takes turns over the destinations")
    default void batchTakesTurnsOverTheDestinations() {
        needs(StoreFeature.FAIR_QUEUES);
        IntStream.range(0, 100).forEach(i -> put(operation("busy-" + i).target("https://busy.example.com/" + i)));
        put(operation("rare-1").target("https://rare.example.com/"));
        put(operation("rare-2").target("https://rare.example.com/"));

        assertThat(claimedIds(claimReady(T0, 4))).containsExactlyInAnyOrder("busy-0", "busy-1", "rare-1", "rare-2");
    }

    @Test
    @DisplayName("2.9 of more destinations than fit into a batch, each has its turn")
    default void eachDestinationHasItsTurn() {
        needs(StoreFeature.FAIR_QUEUES);
        for (int destination = 0; destination < 10; destination++) {
            put(operation("first-" + destination).target("https://host-" + destination + "/"));
            put(operation("second-" + destination).target("https://host-" + destination + "/"));
        }

        List<String> firstTen = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            firstTen.addAll(claimedIds(claimReady(T0, 2)));
        }

        assertThat(firstTen).hasSize(10).allMatch(id -> id.startsWith("first-"));
    }

    @Test
    @DisplayName("2.10 no more of a queue is claimed than the gate admits")
    default void noMoreIsClaimedThanTheGateAdmits() {
        IntStream.range(0, 10).forEach(i -> put("operation-" + i));

        List<Claim> claims = claimReady(T0, 10, (kind, destination) -> Admission.upTo(3));

        assertThat(claimedIds(claims)).containsExactly("operation-0", "operation-1", "operation-2");
    }

    @Test
    @DisplayName("2.11 the gate is asked with the operation's kind and destination")
    default void gateIsAskedWithKindAndDestination() {
        put("a");
        List<String> asked = new ArrayList<>();

        claimReady(T0, 1, (kind, destination) -> {
            asked.add(kind + " " + destination);
            return Admission.upTo(1);
        });

        assertThat(asked).containsExactly("http.post https://api.example.com");
    }

    @Test
    @DisplayName("2.12 the reason for which a gate holds operations becomes their last error, uncharged")
    default void reasonOfTheGateBecomesTheLastError() {
        needs(StoreFeature.NOTED_REASONS);
        put("a");

        assertThat(claimReady(T0, 10, (kind, destination) -> Admission.hold("no transport serves it")))
                .isEmpty();

        assertThat(get("a").lastError()).isEqualTo("no transport serves it");
        assertThat(get("a").isPending()).isTrue();
        assertThat(get("a").attempt()).isZero();
        assertThat(claimedIds(claimReady(T0, 10))).containsExactly("a");
    }
}
