package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.SimulatedDisk.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * A store whose power is cut during a compaction, and once more during the recovery: the answer is empty if it holds
 * afterwards exactly what it held before, in as few files as it should, or else says what was wrong.
 */
public final class CompactionRun implements LongFunction<String> {
    private static final List<Survival> SURVIVALS =
            List.of(Survival.NOTHING, Survival.EVERYTHING, Survival.ANYTHING, Survival.ANYTHING, Survival.ANYTHING);

    private static final int OPERATIONS_OF_A_RECOVERY = 90;
    private static final long NEVER = Long.MAX_VALUE / 2;

    private long cuts;
    private final List<String> problems = new ArrayList<>();
    private StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(0);
    private OutboxWork work = new OutboxWork(simulated);
    private Map<String, Operation> before = Map.of();
    private List<String> readyBefore = List.of();

    /** Needed to make one in another class loader. */
    public CompactionRun() {}

    /**
     * Cuts the power at the n-th operation of the disk, n being a fifth of the seed, and begins anew where the
     * compaction ends: each time round, the recovery is cut elsewhere.
     */
    @Override
    public String apply(long seed) {
        try {
            if (cuts == 0) {
                cuts = SURVIVALS.size() * (operationsOfACompaction() + 1);
            }
            long cut = seed % cuts;
            cutAndCheck(
                    seed,
                    1 + cut / SURVIVALS.size(),
                    SURVIVALS.get((int) (cut % SURVIVALS.size())),
                    1 + (cut + seed / cuts) % OPERATIONS_OF_A_RECOVERY);
        } catch (RuntimeException | AssertionError failure) {
            problems.add(failure.toString());
        }
        String answer = problems.isEmpty() ? "" : "seed " + seed + ": " + String.join("; ", problems);
        problems.clear();
        return answer;
    }

    /** How many operations of the disk a compaction takes that nothing disturbs. */
    long operationsOfACompaction() {
        prepare(0);
        long start = simulated.disk().operations();
        compact(NEVER);
        return simulated.disk().operations() - start;
    }

    private void cutAndCheck(long seed, long crashAfter, Survival survival, long crashInRecoveryAfter) {
        prepare(seed);
        String owner = simulated.store().defaultOwner();
        compact(crashAfter);
        recover(survival, crashInRecoveryAfter);
        requireSame("after the recovery");
        require(!simulated.store().defaultOwner().equals(owner), "two lives have one name", owner, "another");
        simulated.tidyUp();
        requireSame("after another compaction");
        long bound = 2 * (simulated.store().liveBytes() + StoreOnSimulatedDisk.SEGMENT_BYTES);
        require(simulated.diskBytes() <= bound, "bytes on disk", bound, simulated.diskBytes());
        simulated.crashAndReopen();
        requireSame("after the last opening");
    }

    /** Work, a compaction, and more work of which all is forced. */
    private void prepare(long seed) {
        simulated = new StoreOnSimulatedDisk(seed);
        work = new OutboxWork(simulated);
        work.fillAndFinishMost("a");
        simulated.tidyUp();
        work.fillAndFinishMost("b");
        simulated.timer().runTasks();
        before = work.everything();
        readyBefore = work.ready();
    }

    private void compact(long crashAfter) {
        simulated.disk().crashAfter(crashAfter);
        try {
            simulated.tidyUp();
        } catch (SimulatedDisk.Crash expected) {
            requireCrashed(expected);
        }
    }

    private void recover(Survival survival, long crashAfter) {
        simulated.disk().crash();
        simulated.disk().restart(survival);
        simulated.disk().crashAfter(crashAfter);
        try {
            simulated.reopenAfterCrash();
        } catch (SimulatedDisk.Crash expected) {
            requireCrashed(expected);
        }
        simulated.crashAndReopen();
    }

    private void requireCrashed(SimulatedDisk.Crash crash) {
        require(simulated.disk().operations() > 0, "operations before " + crash, "some", 0);
    }

    private void requireSame(String when) {
        require(simulated.store().recovery().damages().isEmpty(), "damage " + when, "none", "some");
        Map<String, Operation> now = work.everything();
        require(now.equals(before), "operations " + when, before, now);
        require(work.ready().equals(readyBefore), "order " + when, readyBefore, work.ready());
    }

    private void require(boolean holds, String what, Object expected, Object was) {
        if (!holds) {
            problems.add(what + ": expected " + expected + " but was " + was);
        }
    }
}
