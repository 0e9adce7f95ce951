package dev.tidesync.engine.inbox;

import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.T0;
import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The power goes at every operation of the disk, one run each, and every time something else survives. */
class InboxPowerCutTest {
    private static final int OPERATIONS = 8;
    private static final long SEED = Long.getLong("inbox.seed", System.nanoTime());

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> handled = new ConcurrentHashMap<>();

    @Test
    void whatWasAcknowledgedIsThereWhenTheDiskIsHonest() throws Exception {
        int cuts = 0;
        for (int cutAt = 1; run(cutAt, false); cutAt++) {
            cuts++;
        }
        assertThat(cuts).as("power cuts, one for each operation of the disk").isGreaterThan(20);
    }

    @Test
    void aDiskThatLiesAboutForcesIsNoticed() {
        boolean noticed = false;
        for (int cutAt = 10; cutAt < 30 && !noticed; cutAt++) {
            noticed = isLost(cutAt);
        }
        assertThat(noticed)
                .as("an acknowledged operation is missed, seed %d", SEED)
                .isTrue();
    }

    private boolean isLost(int cutAt) {
        try {
            run(cutAt, true);
            return false;
        } catch (AssertionError lost) {
            return true;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    /** False if the run was over before the power went. */
    private boolean run(int cutAt, boolean lying) throws Exception {
        acknowledged.clear();
        handled.clear();
        InboxOnSimulatedDisk machine = new InboxOnSimulatedDisk(SEED + cutAt);
        machine.inbox.onReceive(
                "", received -> handled.merge(received.operation().idempotencyKey(), 1, Integer::sum));
        if (lying) {
            machine.disk.lieAboutForces();
        }
        machine.disk.crashAfter(cutAt);
        boolean cut = !acceptAll(machine);
        cut |= !closed(machine);
        if (!cut) {
            return false;
        }
        machine.disk.restart(SimulatedDisk.Survival.ANYTHING);
        machine.reopenAfterCrash();
        check(machine, cutAt);
        return true;
    }

    private boolean acceptAll(InboxOnSimulatedDisk machine) throws Exception {
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            operations.add(operation("key-" + i, T0).build());
        }
        for (Operation operation : operations) {
            try {
                var answer = machine.inbox.accept("ada", operation).toCompletableFuture();
                assertThat(answer.get(20, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.ACCEPTED);
                acknowledged.add(operation.idempotencyKey());
            } catch (ExecutionException powerCut) {
                assertThat(powerCut).hasCauseInstanceOf(OutboxStoreException.class);
                return false;
            } catch (SimulatedDisk.Crash powerCutWhileRoomWasTaken) {
                return false;
            }
        }
        return true;
    }

    /** Lets the old life's handlers end, so that they count before the check; false if the power went meanwhile. */
    private static boolean closed(InboxOnSimulatedDisk machine) {
        try {
            machine.close();
            return true;
        } catch (OutboxStoreException | SimulatedDisk.Crash gone) {
            return false;
        }
    }

    private void check(InboxOnSimulatedDisk machine, int cutAt) throws Exception {
        Set<String> handledBefore = Set.copyOf(handled.keySet());
        for (String key : acknowledged) {
            assertThat(machine.accept("ada", operation(key, T0)).outcome())
                    .as("%s, acknowledged; power cut at %d of seed %d", key, cutAt, SEED)
                    .isEqualTo(Outcome.DUPLICATE);
        }
        for (String key : handledBefore) {
            assertThat(machine.accept("ada", operation(key, T0)).outcome())
                    .as("%s, handled, so it had to be durable; power cut at %d of seed %d", key, cutAt, SEED)
                    .isEqualTo(Outcome.DUPLICATE);
        }
        machine.inbox.onReceive(
                "", received -> handled.merge(received.operation().idempotencyKey(), 1, Integer::sum));
        await().untilAsserted(() -> assertThat(handled.keySet()).containsAll(acknowledged));
        await().until(() -> machine.inbox.status().waiting() == 0);
        assertThat(handled.values()).as("at most once more after a power cut").allMatch(times -> times <= 2);
        machine.close();
    }
}
