package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.engine.wal.SimulatedDisk.Survival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power at every operation of a fixed run, and at every operation of the recovery that follows, with several
 * ideas of what the disk kept. What was acknowledged must be there, in order, and nothing must be reported damaged.
 */
class WalCrashTest {
    private static final int RANDOM_SURVIVALS = 8;

    /** What one run handed to the log, and how much of it the log acknowledged. */
    private static final class History {
        private final List<WalRecord> submitted = new ArrayList<>();
        private int acknowledged;

        private WalRecord next() {
            WalRecord record = WalBench.note(submitted.size());
            submitted.add(record);
            return record;
        }

        void appendDurably(Wal wal) throws IOException {
            wal.append(next());
            acknowledged = submitted.size();
        }

        void appendAndFlush(Wal wal) throws IOException {
            wal.writer().append(next());
            wal.writer().flushSoon();
        }

        void force(Wal wal) throws IOException {
            wal.writer().force();
            acknowledged = submitted.size();
        }
    }

    private static void run(WalBench bench, History history) throws IOException {
        try (Wal wal = bench.open()) {
            for (int i = 0; i < 12; i++) {
                history.appendDurably(wal);
                history.appendAndFlush(wal);
            }
        }
        Wal wal = bench.open();
        for (int i = 0; i < 12; i++) {
            history.appendAndFlush(wal);
            wal.writer().append(history.next());
            wal.writer().append(history.next());
            history.force(wal);
            history.appendAndFlush(wal);
        }
    }

    private static WalBench crashedBench(long seed, long crashAfter, Survival survival, History history)
            throws IOException {
        return crashed(new WalBench(seed), crashAfter, survival, history);
    }

    private static WalBench crashed(WalBench bench, long crashAfter, Survival survival, History history)
            throws IOException {
        bench.disk().crashAfter(crashAfter);
        try {
            run(bench, history);
            bench.disk().crash();
        } catch (SimulatedDisk.Crash expected) {
            assertThat(bench.disk().operations()).isGreaterThanOrEqualTo(crashAfter);
        }
        bench.disk().restart(survival);
        return bench;
    }

    private static long operationsOfARun() throws IOException {
        WalBench bench = new WalBench();
        run(bench, new History());
        return bench.disk().operations();
    }

    private static List<Survival> survivals() {
        List<Survival> survivals = new ArrayList<>(List.of(Survival.NOTHING, Survival.EVERYTHING));
        for (int i = 0; i < RANDOM_SURVIVALS; i++) {
            survivals.add(Survival.ANYTHING);
        }
        return survivals;
    }

    @Test
    void nothingAcknowledgedIsLostWhereverThePowerIsCut() throws IOException {
        long operations = operationsOfARun();
        for (long crashAfter = 1; crashAfter <= operations; crashAfter++) {
            long seed = crashAfter * 100;
            for (Survival survival : survivals()) {
                History history = new History();
                WalBench bench = crashedBench(seed++, crashAfter, survival, history);

                String where = survival + " survives a crash at operation " + crashAfter + ", seed " + (seed - 1);
                List<WalRecord> recovered = requireSound(bench, history, where);
                bench.powerCut(Survival.NOTHING);
                assertThat(requireSound(bench, history, where)).as(where).isEqualTo(recovered);
            }
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhereverThePowerIsCutDuringRecovery() throws IOException {
        long operations = operationsOfARun();
        for (long crashAfter = 1; crashAfter <= operations; crashAfter += 3) {
            boolean recoveryWasCut = true;
            for (long second = 1; recoveryWasCut; second++) {
                long seed = crashAfter * 1000 + second;
                Survival survival = survivals().get((int) (seed % survivals().size()));
                History history = new History();
                WalBench bench = crashedBench(seed, crashAfter, survival, history);
                recoveryWasCut = cutRecovery(bench, second);

                String where =
                        "crash at operation " + crashAfter + ", then at " + second + " of recovery, seed " + seed;
                bench.disk().restart(survivals().get((int) (second % survivals().size())));
                requireSound(bench, history, where);
            }
        }
    }

    @Test
    void aMissingForceWouldBeNoticed() throws IOException {
        assertThat(crashPointsThatLoseRecords(SimulatedDisk::lieAboutForces)).isPositive();
    }

    @Test
    void aMissingDirectorySyncWouldBeNoticed() throws IOException {
        assertThat(crashPointsThatLoseRecords(SimulatedDisk::lieAboutDirectorySyncs))
                .isPositive();
    }

    private static int crashPointsThatLoseRecords(Consumer<SimulatedDisk> lie) throws IOException {
        int found = 0;
        for (long crashAfter = 1; crashAfter <= operationsOfARun(); crashAfter++) {
            WalBench bench = new WalBench(crashAfter);
            lie.accept(bench.disk());
            History history = new History();
            crashed(bench, crashAfter, Survival.NOTHING, history);
            found += WalBench.replay(bench.open()).size() < history.acknowledged ? 1 : 0;
        }
        return found;
    }

    private static boolean cutRecovery(WalBench bench, long crashAfter) throws IOException {
        bench.disk().crashAfter(crashAfter);
        try {
            bench.open();
            bench.disk().crash();
            return false;
        } catch (SimulatedDisk.Crash expected) {
            return true;
        }
    }

    private static List<WalRecord> requireSound(WalBench bench, History history, String where) throws IOException {
        Wal wal = bench.open();
        List<WalRecord> recovered = WalBench.replay(wal);
        assertThat(wal.recovery().damages()).as(where).isEmpty();
        assertThat(recovered)
                .as(where)
                .hasSizeBetween(history.acknowledged, history.submitted.size())
                .isEqualTo(history.submitted.subList(0, recovered.size()));
        return recovered;
    }
}
