package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The power is cut at each operation of the disk while a snapshot is made, and once more during the recovery. */
class SnapshotCrashTest {
    private static final int SURVIVALS = 4;

    /**
     * By default every fifth, which meets each operation, and each way to survive; {@code -Dsnapshot.stride=1}: all.
     */
    private static final int STRIDE = Integer.getInteger("snapshot.stride", 5);

    @Test
    void theLogIsWhatCountsWhereverThePowerIsCut() {
        SnapshotRun run = new SnapshotRun();
        long operations = run.operationsOfASnapshot();
        assertThat(operations).isGreaterThan(20);
        for (long seed = 0; seed < SURVIVALS * (operations + 1); seed += STRIDE) {
            assertThat(run.apply(seed)).isEmpty();
        }
    }
}
