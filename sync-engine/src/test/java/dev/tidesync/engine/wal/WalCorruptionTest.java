package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Named corruptions, in the manner of leveldb's log_test. The log has three lives of one segment each, closed cleanly,
 * of four records, 0–3, 4–7 and 8–11.
 */
class WalCorruptionTest {
    private static final String FIRST = "outbox-000001.log";
    private static final String SECOND = "outbox-000002.log";
    private static final String THIRD = "outbox-000003.log";

    private final WalBench bench = new WalBench();

    /** Does something bad to the files. */
    @FunctionalInterface
    interface Corruption {
        void applyTo(WalCorruptionTest test) throws IOException;
    }

    @BeforeEach
    void writeThreeLives() throws IOException {
        int number = 0;
        for (int life = 0; life < 3; life++) {
            try (Wal wal = bench.open()) {
                for (int i = 0; i < 4; i++) {
                    wal.append(WalBench.note(number++));
                }
            }
        }
    }

    static Stream<Arguments> corruptions() {
        return Stream.of(
                row("nothing", test -> {}, all()),
                row(
                        "a byte of a record in the middle",
                        test -> test.flip(SECOND, test.record(5) + 20),
                        without(5),
                        SECOND),
                row("a checksum", test -> test.flip(SECOND, test.record(5) + 4), without(5), SECOND),
                row("a length, made huge", test -> test.put(SECOND, test.record(5) + 3, 0x7F), without(5), SECOND),
                row("a length, made zero", test -> test.put(SECOND, test.record(5), 0), without(5), SECOND),
                row("a record type", test -> test.flip(FIRST, test.record(0) + 8), without(0), FIRST),
                row(
                        "a record overwritten with zeros",
                        test -> test.zero(SECOND, test.record(6), 48),
                        without(6),
                        SECOND),
                row("a stretch of zeros over several", test -> test.zeroBetween(SECOND, 5, 7), without(5, 6), SECOND),
                row("two records apart", test -> test.damageTwo(SECOND, 4, 6), without(4, 6), SECOND, SECOND),
                row("a sector of zeros over header copy one", test -> test.zero(SECOND, 0, 512), all(), SECOND),
                row("a sector of zeros over header copy two", test -> test.zero(SECOND, 512, 512), all(), SECOND),
                row("both header copies", test -> test.zero(SECOND, 0, 1024), without(4, 5, 6, 7), SECOND),
                row("a segment in the middle is missing", test -> test.remove(SECOND), without(4, 5, 6, 7), SECOND),
                row("the first segment is missing", test -> test.remove(FIRST), without(0, 1, 2, 3), FIRST),
                row("the newest segment is missing", test -> test.remove(THIRD), without(8, 9, 10, 11)),
                row("an empty segment in the middle", test -> test.cut(SECOND, 0), without(4, 5, 6, 7), SECOND),
                row("a segment in the middle cut off", test -> test.cut(SECOND, test.record(6)), without(6, 7), SECOND),
                row("two files change names", test -> test.swap(FIRST, SECOND), all(), FIRST, SECOND),
                row(
                        "a copy under another name",
                        test -> test.copy(SECOND, "outbox-000009.log"),
                        all(),
                        "outbox-000009.log"),
                row("garbage behind the newest segment", test -> test.appendGarbage(THIRD, 100), all()),
                row("zeros behind the newest segment", test -> test.appendZeros(THIRD, 4096), all()),
                row("an empty newer segment", test -> test.add("outbox-000004.log", 0), all()),
                row("a newer segment of zeros", test -> test.add("outbox-000004.log", 1024), all()),
                row("a record copied over another", test -> test.copyRecord(SECOND, 4, 5), without(5), SECOND),
                row(
                        "stale bytes of an older segment",
                        test -> test.overwriteFrom(FIRST, SECOND),
                        without(4, 5, 6),
                        SECOND),
                row("a file that is no segment", test -> test.add("outbox.json", 10), all()));
    }

    private static Arguments row(String name, Corruption corruption, List<WalRecord> left, String... damagedFiles) {
        return Arguments.of(name, corruption, left, List.of(damagedFiles));
    }

    private static List<WalRecord> all() {
        return WalBench.notes(12);
    }

    private static List<WalRecord> without(int... lost) {
        List<WalRecord> left = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            int candidate = number;
            if (Arrays.stream(lost).noneMatch(each -> each == candidate)) {
                left.add(WalBench.note(number));
            }
        }
        return left;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("corruptions")
    void damageCostsWhatItHitAndIsReported(
            String name, Corruption corruption, List<WalRecord> left, List<String> damagedFiles) throws IOException {
        corruption.applyTo(this);

        for (int opening = 0; opening < 2; opening++) {
            try (Wal wal = bench.open()) {
                assertThat(WalBench.replay(wal)).as(name).isEqualTo(left);
                assertThat(wal.recovery().damages())
                        .as(name)
                        .extracting(Damage::file)
                        .containsExactlyInAnyOrderElementsOf(damagedFiles);
            }
        }
    }

    @Test
    void damageIsToldWithFileOffsetAndWhatIsKept() throws IOException {
        long position = record(5);
        byte[] content = bench.disk().content(SECOND);
        int checksum = LittleEndian.getInt(content, (int) position + FrameFormat.CHECKSUM_AT);
        zero(SECOND, position + FrameFormat.CHECKSUM_AT, 4);

        try (Wal wal = bench.open()) {
            assertThat(wal.recovery().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.message())
                        .isEqualTo("outbox-000002.log is damaged at offset " + position + ": expected checksum "
                                + HexFormat.of().toHexDigits(checksum)
                                + " but was 00000000; 6 records after it kept");
                assertThat(damage.bytes()).isEqualTo(FrameFormat.sizeOf(LittleEndian.getInt(content, (int) position)));
            });
        }
    }

    @Test
    void damagedFilesAreLeftAsTheyAre() throws IOException {
        flip(SECOND, record(5) + 20);
        byte[] evidence = bench.disk().content(SECOND);

        bench.open().close();

        assertThat(bench.disk().content(SECOND)).isEqualTo(evidence);
    }

    @Test
    void readingADamagedRecordTellsWhere() throws IOException {
        long position = record(5);
        try (Wal wal = bench.open()) {
            List<Long> offsets = new ArrayList<>();
            wal.replay(0, (offset, record) -> offsets.add(offset));
            flip(SECOND, position + 20);

            assertThatThrownBy(() -> wal.readAt(offsets.get(5)))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            "outbox-000002.log is damaged at offset " + position + ": expected checksum ");
        }
    }

    @Test
    void aSegmentOfAnotherLogIsRefused() throws IOException {
        WalBench other = new WalBench();
        try (Wal wal =
                Wal.open(other.disk(), other.config().random(new Random(43)).build())) {
            wal.append(WalBench.note(0));
        }
        bench.disk().replace("outbox-000004.log", renumbered(other.disk().content(FIRST), 4));

        assertThatThrownBy(bench::open)
                .isInstanceOf(WalFormatException.class)
                .hasMessageContaining("outbox-000004.log belongs to another log: expected store id");
    }

    private static byte[] renumbered(byte[] content, long number) throws IOException {
        SegmentHeader header = SegmentHeader.decode(content, 0, FIRST);
        byte[] renumbered = new SegmentHeader(
                        number,
                        header.base(),
                        header.storeId(),
                        header.salt(),
                        header.createdAtMs(),
                        3,
                        header.cutFrom())
                .encode();
        System.arraycopy(renumbered, 0, content, 0, renumbered.length);
        return content;
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        byte[] content = bench.disk().content(THIRD);
        LittleEndian.putShort(content, 8, 4);
        CRC32C crc = new CRC32C();
        crc.update(content, 0, 508);
        LittleEndian.putInt(content, 508, (int) crc.getValue());
        bench.disk().replace(THIRD, content);

        assertThatThrownBy(bench::open)
                .isInstanceOf(WalFormatException.class)
                .hasMessage(
                        "outbox-000003.log cannot be read: expected log format version 3 with flags 3 at most but was version"
                                + " 4 with flags 0; use the version of Tidesync that wrote it, or a newer one");
    }

    /** The position in its file of the record with this number. */
    private long record(int number) throws IOException {
        String file = List.of(FIRST, SECOND, THIRD).get(number / 4);
        byte[] content = bench.disk().content(file);
        FrameScanner frames = new FrameScanner(
                new Segment(file, SegmentHeader.decode(content, 0, file), SegmentKey.NONE),
                bench.disk().open(file)::read,
                4096,
                gap -> {});
        frames.limit(content.length, content.length);
        while (frames.next()) {
            if (frames.record().equals(WalBench.note(number))) {
                return frames.position();
            }
        }
        throw new AssertionError("no record " + number);
    }

    private void put(String file, long at, int value) throws IOException {
        byte[] content = bench.disk().content(file);
        content[(int) at] = (byte) value;
        bench.disk().replace(file, content);
    }

    private void flip(String file, long at) throws IOException {
        put(file, at, bench.disk().content(file)[(int) at] ^ 0x40);
    }

    private void damageTwo(String file, int one, int other) throws IOException {
        long otherPosition = record(other);
        flip(file, record(one) + 20);
        flip(file, otherPosition + 20);
    }

    private void zeroBetween(String file, int first, int behind) throws IOException {
        long from = record(first);
        zero(file, from, record(behind) - from);
    }

    private void zero(String file, long from, long length) throws IOException {
        byte[] content = bench.disk().content(file);
        Arrays.fill(content, (int) from, (int) Math.min(from + length, content.length), (byte) 0);
        bench.disk().replace(file, content);
    }

    private void cut(String file, long length) throws IOException {
        bench.disk().replace(file, Arrays.copyOf(bench.disk().content(file), (int) length));
    }

    private void remove(String file) {
        bench.disk().remove(file);
    }

    private void swap(String one, String other) throws IOException {
        byte[] content = bench.disk().content(one);
        bench.disk().replace(one, bench.disk().content(other));
        bench.disk().replace(other, content);
    }

    private void copy(String file, String name) throws IOException {
        bench.disk().replace(name, bench.disk().content(file));
    }

    private void appendGarbage(String file, int length) throws IOException {
        byte[] content = bench.disk().content(file);
        byte[] longer = Arrays.copyOf(content, content.length + length);
        Arrays.fill(longer, content.length, longer.length, (byte) 0x5A);
        bench.disk().replace(file, longer);
    }

    private void appendZeros(String file, int length) throws IOException {
        byte[] content = bench.disk().content(file);
        bench.disk().replace(file, Arrays.copyOf(content, content.length + length));
    }

    private void add(String file, int length) {
        bench.disk().replace(file, new byte[length]);
    }

    private void copyRecord(String file, int from, int over) throws IOException {
        byte[] content = bench.disk().content(file);
        System.arraycopy(content, (int) record(from), content, (int) record(over), 40);
        bench.disk().replace(file, content);
    }

    private void overwriteFrom(String source, String file) throws IOException {
        byte[] content = bench.disk().content(file);
        byte[] stale = bench.disk().content(source);
        System.arraycopy(stale, 1024, content, 1024, Math.min(stale.length, content.length) - 1024);
        bench.disk().replace(file, content);
    }
}
