package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The power is cut at each operation of the disk during a compaction, and once more during the recovery. */
class CompactionCrashTest {
    private static final int SURVIVALS = 5;

    @Test
    void nothingIsLostAndNothingLeftBehindWhereverThePowerIsCut() {
        CompactionRun run = new CompactionRun();
        long operations = run.operationsOfACompaction();
        assertThat(operations).isGreaterThan(20);
        for (long seed = 0; seed < SURVIVALS * (operations + 1); seed++) {
            assertThat(run.apply(seed)).isEmpty();
        }
    }
}
