package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the store that this one follows got wrong, and a failing disk: none of it may happen here. */
class StoreDefectsTest {
    private static final long T0 = 1_700_000_000_000L;

    private final StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);

    @Test
    void attemptGrowsInTheStore() {
        put("a");
        for (int attempt = 1; attempt <= 20; attempt++) {
            assertThat(store().claim("a", "owner", T0)).isTrue();
            assertThat(store().markFailed("a", "no answer", T0, T0)).isTrue();
            simulated.closeAndReopen();
            assertThat(get("a").attempt()).isEqualTo(attempt);
        }
    }

    @Test
    void aListingWithoutATimeHastensNoRetry() {
        put("a");
        assertThat(store().claim("a", "owner", T0)).isTrue();
        assertThat(store().markFailed("a", "no answer", T0, T0 + 30_000)).isTrue();

        assertThat(store().list(ListOptions.builder().build())).isEmpty();

        assertThat(store().claim("a", "owner", T0 + 29_999)).isFalse();
        assertThat(store().claim("a", "owner", T0 + 30_000)).isTrue();
    }

    @Test
    void enqueueForcesTheDisk() {
        long before = disk().forces();

        put("a");

        assertThat(disk().forces()).isGreaterThan(before);
        simulated.crashAndReopen();
        assertThat(store().get("a")).isPresent();
    }

    @Test
    void orderOfEnqueueSurvivesReopening() {
        List<String> ids =
                IntStream.range(0, 100).mapToObj(i -> "op-" + i * 37 % 100).toList();
        ids.forEach(this::put);

        simulated.closeAndReopen();

        assertThat(store().list(ListOptions.builder().nowMs(T0).limit(1_000).build()))
                .extracting(Operation::id)
                .isEqualTo(ids);
    }

    @Test
    void crashAtAnyMomentLeavesWhatWasAcknowledged() {
        for (int moment = 1; moment <= 60; moment++) {
            StoreOnSimulatedDisk life = new StoreOnSimulatedDisk(moment);
            int acknowledged = putUntilCrash(life, moment);

            life.disk().restart(SimulatedDisk.Survival.ANYTHING);
            life.reopenAfterCrash();

            for (int i = 0; i < acknowledged; i++) {
                assertThat(life.store().get("op-" + i))
                        .as("crash at %s: op-%s", moment, i)
                        .isPresent();
            }
        }
    }

    private static int putUntilCrash(StoreOnSimulatedDisk life, int moment) {
        life.disk().crashAfter(moment);
        int acknowledged = 0;
        try {
            while (true) {
                life.store().put(operation("op-" + acknowledged));
                acknowledged++;
            }
        } catch (SimulatedDisk.Crash expected) {
            return acknowledged;
        }
    }

    @Test
    void binaryPayloadIsStoredAsItIs() {
        byte[] payload = {(byte) 0xc3, 0x28, 0, -1};
        store().put(operation("a").toBuilder().payload(payload).build());

        simulated.closeAndReopen();

        assertThat(get("a").payload()).isEqualTo(payload);
    }

    @Test
    void fullDiskIsAnErrorAndLosesNothing() {
        put("a");
        disk().freeBytes(10);
        Operation large = operation("b").toBuilder().payload(new byte[10_000]).build();

        assertThatThrownBy(() -> store().put(large))
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("No space left")
                .hasMessageContaining("free some space");

        assertThat(store().get("b")).isEmpty();
        disk().freeBytes(Long.MAX_VALUE);
        simulated.reopenAfterCrash();
        assertThat(get("a").isPending()).isTrue();
    }

    @Test
    void failedPutIsNeitherSeenNorClaimed() {
        put("a");
        disk().failForces(1);

        assertThatThrownBy(() -> put("b")).isInstanceOf(OutboxStoreException.class);

        assertThat(store().list(ListOptions.readyAt(T0)))
                .extracting(Operation::id)
                .containsExactly("a");
        assertThat(store().get("b")).isEmpty();
    }

    @Test
    void failedForceEndsAllWritingButNotReading() {
        put("a");
        store().requireWritable();
        disk().failForces(1);
        assertThatThrownBy(() -> put("b")).isInstanceOf(OutboxStoreException.class);

        assertThatThrownBy(() -> store().requireWritable()).hasMessageContaining("takes no more changes");
        assertThatThrownBy(() -> put("c"))
                .isInstanceOfSatisfying(
                        OutboxStoreException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(OutboxStoreException.Reason.TAKES_NO_MORE))
                .hasMessageContaining("takes no more changes");
        assertThatThrownBy(() -> store().claim("a", "owner", T0)).isInstanceOf(OutboxStoreException.class);
        assertThat(get("a").isPending()).isTrue();
    }

    @Test
    void lateFailureOfAnOldOwnerIsRefused() {
        put("a");
        Claim stale = claimReady(1).get(0);
        store().requeueInflightOlderThan(T0, 0);
        claimReady(1);

        assertThat(store().settle(Settlement.failed(stale, "late", T0, T0))).isFalse();
    }

    @Test
    void longHoldIsNotedBitByBit() {
        IntStream.range(0, 250).forEach(i -> put("op-" + i));

        for (int round = 0; round < 3; round++) {
            hold();
        }

        assertThat(get("op-0").lastError()).isEqualTo("no route");
        assertThat(get("op-249").lastError()).isEqualTo("no route");
        disk().takeJournal();
        hold();
        assertThat(disk().takeJournal()).as("a noted reason is not noted again").isEmpty();
    }

    private void hold() {
        store().claimReady(new ClaimRequest("owner", T0, 10, (kind, destination) -> Admission.hold("no route")));
    }

    @Test
    void costOfAnOperationDoesNotGrow() {
        List<String> atTheBeginning = shortestOfThreeLives(100);
        putAndFinish(103, 5_000);

        assertThat(shortestOfThreeLives(5_001)).isEqualTo(atTheBeginning);
    }

    private void putAndFinish(int from, int to) {
        for (int i = from; i < to; i++) {
            put("op-" + i);
            if (i % 2 == 0) {
                store().settle(Settlement.delivered(claimReady(1).get(0), T0));
            }
        }
    }

    /** Once in a while room is taken for many. */
    private List<String> shortestOfThreeLives(int number) {
        return IntStream.range(number, number + 3)
                .mapToObj(this::lifeOf)
                .min(Comparator.comparingInt(List::size))
                .orElseThrow();
    }

    /**
     * The storage operations of one enqueue and one delivery, without those that begin a new segment, and whether or
     * not the delivered one's segment was open for reading.
     */
    private List<String> lifeOf(int number) {
        put("warm-up-" + number);
        disk().takeJournal();
        put("op-" + number);
        store().settle(Settlement.delivered(claimReady(1).get(0), T0));
        return disk().takeJournal().stream()
                .map(operation -> operation.replaceAll(" .*", ""))
                .filter(operation -> !operation.equals("open"))
                .toList();
    }

    private FileOutboxStore store() {
        return simulated.store();
    }

    private SimulatedDisk disk() {
        return simulated.disk();
    }

    private void put(String id) {
        store().put(operation(id));
    }

    private Operation get(String id) {
        return store().get(id).orElseThrow();
    }

    private List<Claim> claimReady(int limit) {
        return store().claimReady(new ClaimRequest("owner", T0, limit, (kind, destination) -> Admission.upTo(limit)));
    }

    private static Operation operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("http.post")
                .target("/api/" + id)
                .payload("payload of " + id)
                .build();
    }
}
