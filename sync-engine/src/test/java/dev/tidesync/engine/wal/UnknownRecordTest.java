package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Records that only a newer version can read stay in the log, are counted, and hide nothing that follows. */
class UnknownRecordTest {
    private static final int TYPE_AT = 8;

    private final WalBench bench = new WalBench();

    @Test
    void aRecordOfANewerTypeIsKeptCountedAndReplayedAsUnknown() throws IOException {
        long position;
        try (Wal wal = bench.open()) {
            wal.append(WalBench.note(0));
            position = wal.append(WalBench.note(1)) + SegmentHeader.BYTES;
            wal.append(WalBench.note(2));
        }
        makeNewer("outbox-000001.log", (int) position);

        for (int opening = 0; opening < 3; opening++) {
            try (Wal wal = bench.open()) {
                assertThat(wal.recovery().unknownRecords()).isEqualTo(1);
                assertThat(wal.recovery().damages()).isEmpty();
                assertThat(WalBench.replay(wal))
                        .containsExactly(
                                WalBench.note(0),
                                new WalRecord.Unknown(99, "record type 99 with flags 0 is not known to this version"),
                                WalBench.note(2));
            }
        }
    }

    @Test
    void aRecordOfANewerTypeSurvivesThatTheTailIsWrittenAgain() throws IOException {
        Wal wal = bench.open();
        wal.append(WalBench.note(0));
        long position = wal.append(WalBench.note(1)) + SegmentHeader.BYTES;
        bench.powerCut(SimulatedDisk.Survival.EVERYTHING);
        makeNewer("outbox-000001.log", (int) position);

        Wal reopened = bench.open();

        assertThat(reopened.recovery().rewrittenRecords()).isEqualTo(1);
        assertThat(WalBench.replay(reopened)).hasSize(2).last().isInstanceOf(WalRecord.Unknown.class);
    }

    private void makeNewer(String file, int position) throws IOException {
        byte[] content = bench.disk().content(file);
        content[position + TYPE_AT] = 99;
        SegmentHeader header = SegmentHeader.decode(content, 0, file);
        int size = (int) FrameFormat.sizeOf(FrameFormat.bodyLength(content, position));
        new FrameFormat().seal(content, position, size, header.salt(), header.offsetOf(position));
        bench.disk().replace(file, content);
    }
}
