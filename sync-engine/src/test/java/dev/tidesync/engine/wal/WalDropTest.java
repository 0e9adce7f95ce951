package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.engine.wal.SimulatedDisk.Survival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens to a log whose oldest segments are dropped, also when the power fails in the middle of it. */
class WalDropTest {
    private static final List<Survival> SURVIVALS = List.of(
            Survival.NOTHING,
            Survival.EVERYTHING,
            Survival.ANYTHING,
            Survival.ANYTHING,
            Survival.ANYTHING,
            Survival.ANYTHING);

    /** A run that appends, and moves the oldest segment's records to the head whenever there are four segments. */
    private static final class Run {
        private final WalBench bench;
        private final List<WalRecord> submitted = new ArrayList<>();
        private int acknowledged;
        private long dropped;

        Run(WalBench bench) {
            this.bench = bench;
        }

        void toTheEnd() throws IOException {
            for (int life = 0; life < 2; life++) {
                try (Wal wal = open(bench)) {
                    for (int i = 0; i < 30; i++) {
                        append(wal);
                        dropped += compact(wal);
                    }
                }
            }
        }

        private void append(Wal wal) throws IOException {
            WalRecord record = WalBench.note(submitted.size());
            submitted.add(record);
            wal.append(record);
            acknowledged = submitted.size();
        }

        private static long compact(Wal wal) throws IOException {
            List<WalSegment> segments = wal.segments();
            if (segments.size() < 4) {
                return 0;
            }
            long end = segments.get(1).firstOffset();
            for (Found found : read(wal)) {
                if (found.offset() < end) {
                    wal.writer().append(found.record());
                }
            }
            return wal.dropBefore(end);
        }
    }

    private record Found(long offset, WalRecord record) {}

    private static List<Found> read(Wal wal) throws IOException {
        List<Found> found = new ArrayList<>();
        wal.replay(0, (offset, record) -> found.add(new Found(offset, record)));
        return found;
    }

    private static Wal open(WalBench bench) throws IOException {
        return Wal.open(bench.disk(), bench.config().segmentBytes(2048).build());
    }

    private static Wal filled(WalBench bench, int records) throws IOException {
        Wal wal = open(bench);
        for (int i = 0; i < records; i++) {
            wal.append(WalBench.note(i));
        }
        return wal;
    }

    @Test
    void whatLiesBeforeIsDeletedAndWhatLiesBehindIsKept() throws IOException {
        WalBench bench = new WalBench();
        List<WalRecord> behind = new ArrayList<>();
        try (Wal wal = filled(bench, 60)) {
            List<WalSegment> segments = wal.segments();
            long kept = segments.get(2).firstOffset();
            wal.replay(kept, (offset, record) -> behind.add(record));

            long bytes = wal.dropBefore(kept);

            assertThat(bytes)
                    .isEqualTo(segments.get(0).bytes() + segments.get(1).bytes());
            assertThat(bench.segmentFiles())
                    .doesNotContain("outbox-000001.log", "outbox-000002.log")
                    .contains("outbox-000003.log");
            assertThat(WalBench.replay(wal)).isEqualTo(behind).hasSizeGreaterThan(10);
            assertThat(wal.segments()).isNotEmpty().allMatch(segment -> segment.firstOffset() >= kept);
        }
        for (int opening = 0; opening < 3; opening++) {
            try (Wal reopened = open(bench)) {
                assertThat(WalBench.replay(reopened)).isEqualTo(behind);
                assertThat(reopened.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
            }
        }
    }

    @Test
    void theNewestSegmentIsNeverDropped() throws IOException {
        WalBench bench = new WalBench();
        try (Wal wal = filled(bench, 60)) {
            wal.dropBefore(Long.MAX_VALUE);

            assertThat(wal.segments()).hasSize(1);
            assertThat(wal.dropBefore(Long.MAX_VALUE)).isZero();
            wal.append(WalBench.note(60));
        }
        try (Wal wal = open(bench)) {
            assertThat(WalBench.replay(wal)).endsWith(WalBench.note(60));
            assertThat(wal.recovery().damages()).isEmpty();
        }
    }

    @Test
    void whatTheSegmentsTakeIsWhatTheirFilesTake() throws IOException {
        WalBench bench = new WalBench();
        try (Wal wal = filled(bench, 60)) {
            long files = 0;
            for (String file : bench.segmentFiles()) {
                files += bench.disk().content(file).length;
            }
            assertThat(wal.segments().stream().mapToLong(WalSegment::bytes).sum())
                    .isEqualTo(files);
        }
    }

    @Test
    void aDroppedRecordIsToldFromADamagedOne() throws IOException {
        WalBench bench = new WalBench();
        try (Wal wal = filled(bench, 60)) {
            long first = read(wal).get(0).offset();
            WalReader underWay = wal.reader();
            underWay.next();

            wal.dropBefore(wal.segments().get(2).firstOffset());

            assertThatThrownBy(() -> wal.readAt(first))
                    .isInstanceOf(WalDroppedException.class)
                    .hasMessageContaining("look up where the record is now");
            assertThatThrownBy(underWay::next).isInstanceOf(WalDroppedException.class);
            underWay.seek(0);
            assertThat(underWay.next()).isPresent();
        }
    }

    @Test
    void droppingForcesFirstEvenWhereNothingElseDoes() throws IOException {
        WalBench bench = new WalBench();
        Wal.Config unforced =
                bench.config().segmentBytes(2048).fsyncOnWrite(false).build();
        Wal wal = Wal.open(bench.disk(), unforced);
        for (int i = 0; i < 60; i++) {
            wal.append(WalBench.note(i));
        }
        wal.dropBefore(wal.segments().get(2).firstOffset());
        List<WalRecord> kept = WalBench.replay(wal);

        bench.powerCut(Survival.NOTHING);

        assertThat(WalBench.replay(Wal.open(bench.disk(), unforced))).isEqualTo(kept);
    }

    @Test
    void nothingIsLostAndNothingLeftBehindWhereverThePowerIsCut() throws IOException {
        WalBench whole = new WalBench();
        Run run = new Run(whole);
        run.toTheEnd();
        assertThat(run.dropped).isPositive();
        for (long crashAfter = 1; crashAfter <= whole.disk().operations(); crashAfter++) {
            for (int i = 0; i < SURVIVALS.size(); i++) {
                cutAndCheck(crashAfter * 100 + i, crashAfter, SURVIVALS.get(i));
            }
        }
    }

    private static void cutAndCheck(long seed, long crashAfter, Survival survival) throws IOException {
        WalBench bench = new WalBench(seed);
        Run run = new Run(bench);
        bench.disk().crashAfter(crashAfter);
        try {
            run.toTheEnd();
        } catch (SimulatedDisk.Crash expected) {
            assertThat(bench.disk().operations()).isGreaterThanOrEqualTo(crashAfter);
        }
        bench.powerCut(survival);
        cutRecovery(bench, 1 + seed % 37);

        String where = survival + " survives a crash at operation " + crashAfter + ", seed " + seed;
        requireSound(bench, run, where);
        bench.powerCut(Survival.NOTHING);
        requireSound(bench, run, where + ", opened once more");
    }

    private static void cutRecovery(WalBench bench, long crashAfter) throws IOException {
        bench.disk().crashAfter(crashAfter);
        try {
            open(bench);
        } catch (SimulatedDisk.Crash expected) {
            assertThat(bench.disk().operations()).isPositive();
        }
        bench.powerCut(Survival.ANYTHING);
    }

    private static void requireSound(WalBench bench, Run run, String where) throws IOException {
        Wal wal = open(bench);
        List<WalRecord> recovered = WalBench.replay(wal);
        assertThat(wal.recovery().damages()).as(where).isEmpty();
        assertThat(recovered).as(where).containsAll(run.submitted.subList(0, run.acknowledged));
        assertThat(run.submitted).as(where).containsAll(recovered);
        SegmentName names = new SegmentName("outbox");
        long begins = beginning(wal);
        assertThat(bench.segmentFiles())
                .as(where)
                .allMatch(file -> names.number(file).orElseThrow() >= begins);
    }

    private static long beginning(Wal wal) throws IOException {
        WalReader reader = wal.reader();
        long begins = 0;
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            begins = next.get() instanceof WalRecord.LogBegins mark ? Math.max(begins, mark.segment()) : begins;
        }
        return begins;
    }

    @Test
    void deletingBeforeTheCopiesAreForcedWouldBeNoticed() throws IOException {
        int losses = 0;
        for (long crashAfter = 1; crashAfter <= 600; crashAfter++) {
            WalBench bench = new WalBench(crashAfter);
            bench.disk().lieAboutForces();
            Run run = new Run(bench);
            bench.disk().crashAfter(crashAfter);
            try {
                run.toTheEnd();
            } catch (SimulatedDisk.Crash expected) {
                bench.powerCut(Survival.NOTHING);
                losses += WalBench.replay(open(bench)).containsAll(run.submitted.subList(0, run.acknowledged)) ? 0 : 1;
            }
        }
        assertThat(losses).isPositive();
    }
}
