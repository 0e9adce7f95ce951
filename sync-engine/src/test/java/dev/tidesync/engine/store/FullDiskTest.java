package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that fills up under a store: what is new is refused, what was taken in goes out, and then there is room. */
class FullDiskTest {
    private static final long T0 = 1_700_000_000_000L;
    private static final int SEGMENT_BYTES = 1024 * 1024;
    private static final int DISK_BYTES = 600 * 1024;
    private static final int PAYLOAD_BYTES = 500;

    private final StoreOnSimulatedDisk machine =
            new StoreOnSimulatedDisk(1, settings -> settings.segmentBytes(SEGMENT_BYTES));

    @Test
    void whatIsNewIsRefusedWithAReasonAndNothingIsPoisoned() {
        List<String> acknowledged = fillUp();

        OutboxStoreException refusal = catchThrowableOfType(
                OutboxStoreException.class, () -> machine.store().put(operation("one-more")));

        assertThat(refusal.reason()).isEqualTo(OutboxStoreException.Reason.MAY_PASS);
        assertThat(refusal)
                .hasMessageContaining("takes nothing new, since its disk is full")
                .hasMessageContaining("No space left on device")
                .hasMessageContaining("it goes on by itself");
        assertThat(acknowledged).hasSizeGreaterThan(300);
        assertThat(machine.store().get("one-more")).isEmpty();
        machine.store().requireWritable();
    }

    @Test
    void aBatchIsRefusedAsAWhole() {
        fillUp();
        machine.disk().freeBytes(2 * PAYLOAD_BYTES);
        List<Operation> batch = List.of(operation("b-1"), operation("b-2"), operation("b-3"), operation("b-4"));

        assertThatThrownBy(() -> machine.store().putAll(batch)).isInstanceOf(OutboxStoreException.class);

        assertThat(batch)
                .allSatisfy(one -> assertThat(machine.store().get(one.id())).isEmpty());
    }

    @Test
    void whatIsKnownAlreadyNeedsNoRoom() {
        List<String> acknowledged = fillUp();

        machine.store().put(operation(acknowledged.get(0)));

        assertThat(machine.store().get(acknowledged.get(0))).isPresent();
    }

    @Test
    void roomThatComesBackIsNoticedWithoutOpeningAgain() {
        fillUp();

        machine.disk().freeBytes(1024 * 1024);
        machine.store().put(operation("late"));

        assertThat(machine.store().get("late")).isPresent();
    }

    @Test
    void theWholeBacklogIsDeliveredOnAFullDisk() {
        List<String> acknowledged = fillUp();

        List<String> delivered = deliverAll();

        assertThat(delivered).containsExactlyElementsOf(acknowledged);
        machine.crashAndReopen();
        assertThat(machine.store().recovery().damages()).isEmpty();
        assertThat(machine.store().counts().get(OperationStatus.DONE)).isEqualTo(acknowledged.size());
    }

    @Test
    void deadLettersAreWrittenDownOnAFullDisk() {
        fillUp();
        Claim claim = claimReady(1).get(0);

        machine.store().settle(Settlement.permanentlyFailed(claim, "refused for good", T0));
        machine.crashAndReopen();

        assertThat(machine.store().get(claim.operation().id()))
                .hasValueSatisfying(kept -> assertThat(kept.isPermanentFailed()).isTrue());
    }

    @Test
    void whatWasDeliveredAndForgottenGivesRoomToWhatIsNew() {
        fillUp();
        deliverAll();
        assertThatThrownBy(() -> machine.store().put(operation("too-early"))).isInstanceOf(OutboxStoreException.class);

        machine.store().pruneDone(T0 + 1);
        machine.tidyUp();
        machine.store().put(operation("after"));

        assertThat(machine.store().get("after")).isPresent();
        machine.crashAndReopen();
        assertThat(machine.store().recovery().damages()).isEmpty();
        assertThat(machine.store().get("after")).isPresent();
        assertThat(machine.store().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isOne();
    }

    @Test
    void theStoreOpensOnAFullDiskAndDelivers() {
        List<String> acknowledged = fillUp();
        machine.closeAndReopen();
        machine.disk().freeBytes(0);

        for (int opening = 0; opening < 10; opening++) {
            machine.closeAndReopen();
            assertThat(machine.store().counts().get(OperationStatus.PENDING)).isEqualTo(acknowledged.size());
        }

        assertThat(deliverAll()).containsExactlyElementsOf(acknowledged);
    }

    @Test
    void theStoreOpensOnAFullDiskAfterItsProcessWasKilled() {
        List<String> acknowledged = fillUp();

        for (int kill = 0; kill < 5; kill++) {
            machine.disk().freeBytes(0);
            machine.reopenAfterCrash();
        }

        assertThat(deliverAll()).containsExactlyElementsOf(acknowledged);
    }

    @Test
    void claimsAreHeldBackWhereTheirOutcomesMightNotFit() {
        fillUp();
        while (!isHeldUp()) {
            machine.store()
                    .settleAll(claimReady(10).stream()
                            .map(claim -> Settlement.failed(claim, "x".repeat(200), T0, T0))
                            .toList());
        }

        machine.store().requireWritable();
        machine.disk().freeBytes(1024 * 1024);
        assertThat(claimReady(1)).hasSize(1);
    }

    private boolean isHeldUp() {
        try {
            return claimReady(1).stream()
                    .map(claim -> machine.store().settle(Settlement.failed(claim, "y".repeat(200), T0, T0)))
                    .anyMatch(accepted -> !accepted);
        } catch (OutboxStoreException full) {
            assertThat(full).hasMessageContaining("is held up, since its disk is so full");
            assertThat(full.reason()).isEqualTo(OutboxStoreException.Reason.MAY_PASS);
            return true;
        }
    }

    /** Enqueues until the disk is full; returns what was acknowledged. */
    private List<String> fillUp() {
        machine.disk().freeBytes(DISK_BYTES);
        List<String> acknowledged = new ArrayList<>();
        try {
            while (true) {
                String id = "op-" + acknowledged.size();
                machine.store().put(operation(id));
                acknowledged.add(id);
            }
        } catch (OutboxStoreException full) {
            return acknowledged;
        }
    }

    private List<String> deliverAll() {
        List<String> delivered = new ArrayList<>();
        for (List<Claim> claims = claimReady(10); !claims.isEmpty(); claims = claimReady(10)) {
            for (Claim claim : claims) {
                machine.store().settle(Settlement.delivered(claim, T0 + 1));
                delivered.add(claim.operation().id());
            }
        }
        machine.timer().runTasks();
        return delivered;
    }

    private List<Claim> claimReady(int limit) {
        return machine.store()
                .claimReady(new ClaimRequest("owner", T0 + 1, limit, (kind, destination) -> Admission.upTo(limit)));
    }

    private static Operation operation(String id) {
        return Operation.builder()
                .id(id)
                .kind("test.write")
                .target("/")
                .payload(new byte[PAYLOAD_BYTES])
                .createdAtMs(T0)
                .nextRetryAtMs(T0)
                .build();
    }
}
