package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading single records, many of which lie near each other. */
class LookupTest {
    private static final int RECORDS = 100;

    private final WalBench bench = new WalBench();
    private final List<Long> offsets = new ArrayList<>();

    private Wal filled(long segmentBytes) throws IOException {
        Wal wal =
                Wal.open(bench.disk(), bench.config().segmentBytes(segmentBytes).build());
        for (int i = 0; i < RECORDS; i++) {
            offsets.add(wal.append(WalBench.note(i)));
        }
        return wal;
    }

    private long reads() {
        return bench.disk().takeJournal().stream()
                .filter(operation -> operation.startsWith("read"))
                .count();
    }

    @Test
    void neighboursAreReadTogether() throws IOException {
        Wal wal = filled(64 * 1024);
        RecordSource lookup = wal.lookup();
        reads();

        for (int i = 0; i < RECORDS; i++) {
            assertThat(lookup.at(offsets.get(i))).isEqualTo(WalBench.note(i));
        }

        assertThat(reads()).isOne();
    }

    @Test
    void recordsOfAllSegmentsAreFoundInAnyOrder() throws IOException {
        Wal wal = filled(2048);
        assertThat(wal.segments()).hasSizeGreaterThan(3);
        RecordSource lookup = wal.lookup();

        for (int i = 0; i < RECORDS; i++) {
            int number = i * 37 % RECORDS;
            assertThat(lookup.at(offsets.get(number))).isEqualTo(WalBench.note(number));
        }
    }

    @Test
    void whatIsAppendedMeanwhileIsFoundToo() throws IOException {
        Wal wal = filled(64 * 1024);
        RecordSource lookup = wal.lookup();
        lookup.at(offsets.get(0));

        long late = wal.writer().append(WalBench.note(RECORDS));

        assertThat(lookup.at(late)).isEqualTo(WalBench.note(RECORDS));
        assertThatThrownBy(() -> lookup.at(wal.writer().endOffset())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsDroppedMeanwhileIsSaidToBe() throws IOException {
        Wal wal = filled(2048);
        RecordSource lookup = wal.lookup();
        lookup.at(offsets.get(0));

        wal.dropBefore(wal.segments().get(1).firstOffset());

        assertThatThrownBy(() -> lookup.at(offsets.get(0))).isInstanceOf(WalDroppedException.class);
        assertThat(lookup.at(offsets.get(RECORDS - 1))).isEqualTo(WalBench.note(RECORDS - 1));
    }
}
