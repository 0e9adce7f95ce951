package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every single-bit flip and every truncation of a small log of three segments, through full recovery. */
class WalDamageSweepTest {
    private record Frame(String file, long position, long end, long offset, List<WalRecord> records) {}

    private final Map<String, byte[]> sound = new LinkedHashMap<>();
    private final List<Frame> frames = new ArrayList<>();

    /** A segment that is dropped, two by rolling, then a restart, claims that share a frame, and a clean end. */
    @BeforeEach
    void writeLog() throws IOException {
        WalBench bench = new WalBench();
        try (Wal wal = openSmall(bench)) {
            for (int i = 0; wal.segments().size() < 2; i++) {
                wal.append(WalBench.note(i));
            }
            wal.dropBefore(wal.segments().get(1).firstOffset());
            for (int i = 0; i < 20; i++) {
                wal.append(WalBench.note(i));
            }
        }
        try (Wal wal = openSmall(bench)) {
            for (int i = 20; i < 24; i++) {
                wal.append(WalBench.note(i));
            }
            for (int i = 0; i < 4; i++) {
                wal.writer().append(new WalRecord.Claimed("0192f7c1-5a3e-7000-8000-00000000000" + i, "", 1));
            }
        }
        for (String file : bench.segmentFiles()) {
            sound.put(file, bench.disk().content(file));
            readFrames(bench, file, bench.disk().content(file));
        }
        assertThat(sound.keySet()).containsExactly("outbox-000002.log", "outbox-000003.log", "outbox-000004.log");
    }

    private static Wal openSmall(WalBench bench) throws IOException {
        return Wal.open(bench.disk(), bench.config().segmentBytes(2048).build());
    }

    private void readFrames(WalBench bench, String file, byte[] content) throws IOException {
        SegmentHeader header = SegmentHeader.decode(content, 0, file);
        FrameScanner scanner = new FrameScanner(
                new Segment(file, header, SegmentKey.NONE), bench.disk().open(file)::read, 4096, gap -> {});
        scanner.limit(content.length, content.length);
        while (scanner.next()) {
            frames.add(
                    new Frame(file, scanner.position(), scanner.nextPosition(), scanner.offset(), scanner.records()));
        }
    }

    @Test
    void everyBitFlipCostsAtMostTheRecordItIsInAndIsReported() throws IOException {
        for (String file : sound.keySet()) {
            for (int bit = 0; bit < sizeOf(file) * 8; bit++) {
                byte[] damaged = copyOf(file, sizeOf(file));
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                String what = file + " with bit " + bit % 8 + " of byte " + bit / 8 + " flipped";

                try (Wal wal = openWith(file, damaged)) {
                    assertThat(WalBench.replay(wal)).as(what).isEqualTo(recordsWithoutByte(file, bit / 8));
                    assertThat(wal.recovery().damages().isEmpty()).as(what).isEqualTo(!isDamage(file, bit / 8));
                }
            }
        }
    }

    private List<WalRecord> recordsWithoutByte(String file, long position) {
        return frames.stream()
                .filter(frame -> !frame.file().equals(file) || position < frame.position() || position >= frame.end())
                .flatMap(frame -> frame.records().stream())
                .filter(record -> record instanceof WalRecord.Noted || record instanceof WalRecord.Claimed)
                .toList();
    }

    /** The last watermark of each life is proven by nothing behind it: losing it is no more than a torn tail. */
    private boolean isDamage(String file, long position) {
        boolean inHeader = position < SegmentHeader.BYTES;
        return inHeader
                || frames.stream()
                        .filter(frame -> frame.file().equals(file))
                        .filter(frame -> frame.position() <= position && position < frame.end())
                        .anyMatch(frame -> !isLastOfItsLife(frame));
    }

    private boolean isLastOfItsLife(Frame frame) {
        int next = frames.indexOf(frame) + 1;
        boolean behindIsCut = next < frames.size() && frames.get(next).offset() > frame.offset() + LogRecovery.LEAP / 2;
        return next == frames.size() || behindIsCut;
    }

    @Test
    void everyTruncationKeepsWhatIsBeforeItAndIsReportedUnlessAtTheEnd() throws IOException {
        for (String file : sound.keySet()) {
            for (int length = 0; length < sizeOf(file); length++) {
                String what = file + " cut to " + length + " bytes";

                try (Wal wal = openWith(file, copyOf(file, length))) {
                    assertThat(WalBench.replay(wal)).as(what).isEqualTo(recordsWithin(file, length));
                    assertThat(wal.recovery().damages().isEmpty()).as(what).isEqualTo(looksLikeATornTail(file, length));
                }
            }
        }
    }

    private boolean looksLikeATornTail(String file, int length) {
        boolean newest = file.equals(frames.get(frames.size() - 1).file());
        return newest
                || frames.stream()
                        .filter(frame -> frame.file().equals(file) && frame.end() > length)
                        .allMatch(this::isLastOfItsLife);
    }

    private List<WalRecord> recordsWithin(String file, long length) {
        boolean headerReadable = length >= SegmentHeader.COPY_BYTES;
        return frames.stream()
                .filter(frame -> !frame.file().equals(file) || (headerReadable && frame.end() <= length))
                .flatMap(frame -> frame.records().stream())
                .filter(record -> record instanceof WalRecord.Noted || record instanceof WalRecord.Claimed)
                .toList();
    }

    private int sizeOf(String file) {
        return sound.getOrDefault(file, new byte[0]).length;
    }

    private byte[] copyOf(String file, int length) {
        return Arrays.copyOf(sound.getOrDefault(file, new byte[0]), length);
    }

    private Wal openWith(String file, byte[] content) throws IOException {
        WalBench bench = new WalBench();
        sound.forEach(bench.disk()::replace);
        bench.disk().replace(file, content);
        return openSmall(bench);
    }
}
