package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WalTest {
    private final WalBench bench = new WalBench();

    @Test
    void recordsAreReplayedInTheOrderTheyWereAppended() throws IOException {
        List<WalRecord> records = everyRecord();
        try (Wal wal = bench.open()) {
            for (WalRecord record : records) {
                wal.append(record);
            }
            assertThat(WalBench.replay(wal)).isEqualTo(records);
        }

        try (Wal wal = bench.open()) {
            assertThat(WalBench.replay(wal)).isEqualTo(records);
            assertThat(wal.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
        }
    }

    private static List<WalRecord> everyRecord() {
        Operation intent = Operation.builder()
                .id("id-1")
                .kind("http.post")
                .target("/messages")
                .payload(new byte[] {0, 1, -1})
                .header("Content-Type", "text/plain")
                .header("X-Empty", "")
                .idempotencyKey("key")
                .orderingKey("lane")
                .expiresAtMs(99)
                .createdAtMs(11)
                .nextRetryAtMs(12)
                .build();
        Operation imported = Operation.restore(intent)
                .status(OperationStatus.FAILED)
                .attempt(3)
                .updatedAtMs(13)
                .lastError("Grüße, \uD83C\uDF0A")
                .build();
        return List.of(
                new WalRecord.Opened(7, 1_700_000_000_000L),
                new WalRecord.Enqueued(intent),
                new WalRecord.Enqueued(imported),
                new WalRecord.Claimed("id-1", "owner#7", 5),
                new WalRecord.Delivered("id-1", 6),
                new WalRecord.Failed("id-1", 6, 2, 700, "refused", "http.429", true, true),
                new WalRecord.Buried("id-1", 6, 8, "gone", "http.410"),
                new WalRecord.Released("id-1", 6, OperationStatus.FAILED, 800, "paused", "net", false, true),
                new WalRecord.Requeued("id-1", 6, 1, "requeued after in-flight timeout"),
                new WalRecord.Noted("id-1", 6, "no transport serves kind 'x.y'"),
                new WalRecord.Replayed("id-1", 6, "was: gone"),
                new WalRecord.Pruned(List.of("id-1", "id-2")));
    }

    @Test
    void offsetsRiseAlsoAcrossRestartsAndPowerCuts() throws IOException {
        List<Long> offsets = new ArrayList<>();
        for (int life = 0; life < 5; life++) {
            Wal wal = bench.open();
            offsets.add(wal.append(WalBench.note(1)));
            offsets.add(wal.writer().append(WalBench.note(2)));
            wal.writer().flush();
            bench.powerCut(SimulatedDisk.Survival.NOTHING);
        }

        assertThat(offsets).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void replayBeginsAtTheOffsetAskedForAndReturnsTheLast() throws IOException {
        try (Wal wal = bench.open()) {
            wal.append(WalBench.note(1));
            long second = wal.append(WalBench.note(2));
            long third = wal.append(WalBench.note(3));

            List<WalRecord> replayed = new ArrayList<>();
            assertThat(wal.replay(second, (offset, record) -> replayed.add(record)))
                    .isEqualTo(third);
            assertThat(replayed).containsExactly(WalBench.note(2), WalBench.note(3));
            assertThat(wal.replay(third + 1, (offset, record) -> {})).isEqualTo(-1);
        }
    }

    @Test
    void anOffsetInsideARecordFindsTheNextRecord() throws IOException {
        try (Wal wal = bench.open()) {
            long first = wal.append(WalBench.note(1));
            wal.append(WalBench.note(2));

            List<WalRecord> replayed = new ArrayList<>();
            wal.replay(first + 1, (offset, record) -> replayed.add(record));

            assertThat(replayed).containsExactly(WalBench.note(2));
        }
    }

    @Test
    void aReaderFindsWhatIsAppendedAfterItReachedTheEnd() throws IOException {
        try (Wal wal = bench.open()) {
            WalReader reader = wal.reader();
            assertThat(reader.next()).isEmpty();

            long offset = wal.writer().append(WalBench.note(1));

            assertThat(reader.next()).containsInstanceOf(WalRecord.Watermark.class);
            assertThat(reader.next()).contains(WalBench.note(1));
            assertThat(reader.recordOffset()).isEqualTo(offset);
            assertThat(reader.currentOffset()).isEqualTo(wal.writer().endOffset());
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void aRecordIsReadAtItsOffsetEvenFromTheBuffer() throws IOException {
        try (Wal wal = bench.open()) {
            long offset = wal.writer().append(WalBench.note(1));

            assertThat(wal.readAt(offset)).isEqualTo(WalBench.note(1));
            assertThatThrownBy(() -> wal.readAt(offset + 1000)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void claimsOfOneMomentShareAFrameAndKeepOffsetsOfTheirOwn() throws IOException {
        List<WalRecord> claims = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        try (Wal wal = bench.open()) {
            for (int i = 0; i < 600; i++) {
                claims.add(new WalRecord.Claimed("id-" + i, "me", i / 500));
                offsets.add(wal.writer().append(claims.get(i)));
            }
            claims.add(new WalRecord.Delivered("id-0", 1));
            offsets.add(wal.writer().append(claims.get(600)));
            wal.writer().awaitDurable(offsets.get(600));
        }

        assertThat(offsets).isSorted().doesNotHaveDuplicates();
        try (Wal wal = bench.open()) {
            List<Long> read = new ArrayList<>();
            assertThat(WalBench.replay(wal)).isEqualTo(claims);
            wal.replay(0, (offset, record) -> read.add(offset));
            assertThat(read).isEqualTo(offsets);
            long bytes = wal.segments().get(0).bytes();
            assertThat(bytes).isLessThan(SegmentHeader.BYTES + 600 * 10L);
        }
    }

    @Test
    void anIdThatCannotBeSharedLeavesTheFrameAsItWas() throws IOException {
        try (Wal wal = bench.open()) {
            wal.writer().append(new WalRecord.Delivered("a", 1));
            wal.writer().append(new WalRecord.Delivered("b", 2));
            wal.writer().append(new WalRecord.Claimed("b", "", 2));
            wal.append(new WalRecord.Claimed("c", "me", 2));

            assertThat(WalBench.replay(wal))
                    .containsExactly(
                            new WalRecord.Delivered("a", 1),
                            new WalRecord.Delivered("b", 2),
                            new WalRecord.Claimed("b", "", 2),
                            new WalRecord.Claimed("c", "me", 2));
        }
    }

    @Test
    void segmentsRollAndAllOfThemAreRead() throws IOException {
        List<Long> offsets = new ArrayList<>();
        try (Wal wal = bench.open()) {
            for (int i = 0; i < 200; i++) {
                offsets.add(wal.append(WalBench.note(i)));
            }
        }

        try (Wal wal = bench.open()) {
            assertThat(bench.segmentFiles()).hasSizeGreaterThan(3);
            assertThat(WalBench.replay(wal)).isEqualTo(WalBench.notes(200));
            for (int i = 0; i < 200; i++) {
                assertThat(wal.readAt(offsets.get(i))).isEqualTo(WalBench.note(i));
            }
        }
    }

    @Test
    void aGroupLargerThanASegmentStaysInOneSegment() throws IOException {
        Operation large = Operation.builder()
                .id("large")
                .kind("x.y")
                .target("t")
                .payload(new byte[100_000])
                .build();
        try (Wal wal = bench.open()) {
            wal.append(WalBench.note(1));
            wal.append(new WalRecord.Enqueued(large));
            wal.append(WalBench.note(2));
        }

        try (Wal wal = bench.open()) {
            assertThat(WalBench.replay(wal))
                    .containsExactly(WalBench.note(1), new WalRecord.Enqueued(large), WalBench.note(2));
        }
    }

    @Test
    void whatWasAwaitedSurvivesAPowerCut() throws IOException {
        Wal wal = bench.open();
        wal.append(WalBench.note(1));
        wal.writer().append(WalBench.note(2));
        wal.writer().flush();

        bench.powerCut(SimulatedDisk.Survival.NOTHING);

        assertThat(WalBench.replay(bench.open())).containsExactly(WalBench.note(1));
    }

    @Test
    void whatRecoveryShowsSurvivesTheNextPowerCut() throws IOException {
        Wal wal = bench.open();
        wal.writer().append(WalBench.note(1));
        wal.writer().flush();
        bench.powerCut(SimulatedDisk.Survival.EVERYTHING);
        assertThat(bench.open().recovery().rewrittenRecords()).isEqualTo(1);

        bench.powerCut(SimulatedDisk.Survival.NOTHING);

        assertThat(WalBench.replay(bench.open())).containsExactly(WalBench.note(1));
    }

    @Test
    void aFailedForceEndsTheWriterForGood() throws IOException {
        Wal wal = bench.open();
        wal.append(WalBench.note(1));
        long durable = wal.writer().durableOffset();
        bench.disk().failForces(1);

        assertThatThrownBy(() -> wal.append(WalBench.note(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("outbox-000001.log failed and can no longer be written: Input/output error");
        assertThatThrownBy(() -> wal.append(WalBench.note(3)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can no longer be written");

        assertThat(wal.writer().durableOffset()).isEqualTo(durable);
        assertThat(wal.writer().isPoisoned()).isTrue();
        wal.close();
        bench.powerCut(SimulatedDisk.Survival.EVERYTHING);
        assertThat(WalBench.replay(bench.open())).containsExactly(WalBench.note(1));
    }

    @Test
    void aFullDiskIsToldAndWhatWasDurableStays() throws IOException {
        Wal wal = Wal.open(bench.disk(), bench.config().segmentBytes(1 << 20).build());
        wal.append(WalBench.note(1));
        bench.disk().freeBytes(20);
        WalRecord large = new WalRecord.Noted("large", 2, "x".repeat(50_000));

        assertThatThrownBy(() -> wal.append(large)).hasMessageContaining("No space left on device");

        bench.disk().freeBytes(1_000_000);
        bench.powerCut(SimulatedDisk.Survival.EVERYTHING);
        Wal reopened = bench.open();
        assertThat(WalBench.replay(reopened)).containsExactly(WalBench.note(1));
        assertThat(reopened.recovery().cutBytes()).isZero();
    }

    @Test
    void withoutForcingNothingIsForced() throws IOException {
        try (Wal wal = Wal.open(bench.disk(), bench.config().fsyncOnWrite(false).build())) {
            wal.append(WalBench.note(1));
        }

        assertThat(bench.disk().forces()).isZero();
        assertThat(WalBench.replay(bench.open())).containsExactly(WalBench.note(1));
    }

    @Test
    void aWatermarkCannotBeAppended() throws IOException {
        try (Wal wal = bench.open()) {
            assertThatThrownBy(() -> wal.append(new WalRecord.Watermark(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            wal.append(WalBench.note(1));
            assertThat(WalBench.replay(wal)).containsExactly(WalBench.note(1));
        }
    }

    @Test
    void aClosedLogRefusesRecordsAndClosesTwice() throws IOException {
        Wal wal = bench.open();
        wal.close();
        wal.close();

        assertThatThrownBy(() -> wal.append(WalBench.note(1))).isInstanceOf(IllegalStateException.class);
    }
}
