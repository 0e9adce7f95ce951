package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Records that nobody reads, changes or moves without the key. */
class LogEncryptionTest {
    private static final String FIRST = "outbox-000001.log";
    private static final String SECRET = "nobody may read this, nor where it goes";
    private static final byte[] KEY = key(1);
    private static final byte[] OTHER_KEY = key(2);

    private final SimulatedDisk disk = new SimulatedDisk(1);
    private final Random random = new Random(7);
    private final List<WalRecord> records = List.of(
            new WalRecord.Opened(1, 1),
            new WalRecord.Enqueued(Operation.builder()
                    .id("secret-id")
                    .kind("http.post")
                    .target("https://secret.example/")
                    .payload(SECRET)
                    .header("X-Secret", "secret header")
                    .createdAtMs(1)
                    .nextRetryAtMs(1)
                    .build()),
            new WalRecord.Claimed("secret-id", "", 2),
            new WalRecord.Claimed("secret-other", "", 2),
            new WalRecord.Buried("secret-id", 3, 1, "a secret error", "http.410"));

    @Test
    void whatIsWrittenIsReadAgainAndNothingOfItIsSeenOnTheDisk() throws IOException {
        write(keys(KEY), records);

        assertThat(read(keys(KEY))).isEqualTo(records);
        assertThat(new String(disk.content(FIRST), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret", "nobody", "http");
    }

    @Test
    void aMissingOrWrongKeyIsRefusedByNameAndNothingIsChanged() throws IOException {
        write(keys(KEY), records);
        String id = LogKey.text(new LogKey(KEY).id());
        byte[] before = disk.content(FIRST);

        assertThatThrownBy(() -> open(LogKeys.none()))
                .isInstanceOf(WalFormatException.class)
                .hasMessage(FIRST + " is encrypted with key " + id + ", which is not among those given: none; name it"
                        + " as outbox.encryption-key, or in outbox.old-encryption-keys");
        assertThatThrownBy(() -> open(keys(OTHER_KEY)))
                .isInstanceOf(WalFormatException.class)
                .hasMessageContaining("[key " + LogKey.text(new LogKey(OTHER_KEY).id()) + "]");

        assertThat(disk.list()).containsExactly(FIRST);
        assertThat(disk.content(FIRST)).isEqualTo(before);
    }

    @Test
    void withANewKeyTheOldOneIsReadUntilItsSegmentsAreDropped() throws IOException {
        write(keys(KEY), records);
        LogKeys rotated = LogKeys.of(Optional.of(OTHER_KEY), List.of(KEY));

        try (Wal wal = open(rotated)) {
            assertThat(WalBench.replay(wal)).isEqualTo(records);
            wal.append(WalBench.note(1));
            wal.dropBefore(wal.segments().get(0).endOffset());
        }

        assertThat(read(keys(OTHER_KEY))).containsExactly(WalBench.note(1));
    }

    @Test
    void encryptionCanBeginAndEndInALogThatExists() throws IOException {
        write(LogKeys.none(), List.of(WalBench.note(1)));
        write(keys(KEY), List.of(WalBench.note(2)));
        write(LogKeys.of(Optional.empty(), List.of(KEY)), List.of(WalBench.note(3)));

        assertThat(read(keys(KEY))).isEqualTo(List.of(WalBench.note(1), WalBench.note(2), WalBench.note(3)));
    }

    @Test
    void whateverBitIsFlippedNothingElseIsReadThoughTheChecksumIsMadeGood() throws IOException {
        write(keys(KEY), records);
        byte[] content = disk.content(FIRST);
        SegmentHeader header = SegmentHeader.decode(content, 0, FIRST);
        int frames = 0;
        for (int at = SegmentHeader.BYTES; at < content.length; at += sizeAt(content, at)) {
            boolean encrypted = (FrameFormat.flags(content, at) & FrameFormat.ENCRYPTED) != 0;
            for (int bit = FrameFormat.TYPE_AT * 8; encrypted && bit < bodyEnd(content, at) * 8; bit++) {
                requireRefusal(content, header, at, bit);
            }
            frames += encrypted ? 1 : 0;
        }
        assertThat(frames).isEqualTo(4);
    }

    private void requireRefusal(byte[] content, SegmentHeader header, int at, int bit) throws IOException {
        byte[] forged = content.clone();
        forged[at + bit / 8] ^= (byte) (1 << bit % 8);
        new FrameFormat().seal(forged, at, sizeAt(content, at), header.salt(), header.offsetOf(at));
        if (Arrays.equals(forged, content)) {
            return; // a bit of the offset, which was made good too
        }
        SimulatedDisk copy = new SimulatedDisk(1);
        copy.replace(FIRST, forged);
        try (LogInspection log = LogInspection.of(copy, "outbox", keys(KEY))) {
            List<WalRecord> read = new ArrayList<>();
            log.forEachFrame(frame -> read.addAll(frame.records()));
            read.removeIf(record -> record instanceof WalRecord.Watermark);
            assertThat(records).as("bit %d of the frame at %d", bit, at).containsAll(read);
            assertThat(read).as("bit %d of the frame at %d", bit, at).hasSizeLessThan(records.size());
            assertThat(log.damages()).hasSize(1);
        }
    }

    @Test
    void aFrameInClearIsNotBelievedInAnEncryptedSegment() throws IOException {
        write(LogKeys.none(), List.of(new WalRecord.Pruned(List.of("a"))));
        byte[] clear = disk.content(FIRST);
        SimulatedDisk target = new SimulatedDisk(1);
        try (Wal wal = Wal.open(target, config(keys(KEY)).build())) {
            wal.append(new WalRecord.Pruned(List.of("a")));
        }
        byte[] content = target.content(FIRST);
        int at = SegmentHeader.BYTES + GroupBuffer.WATERMARK_BYTES;
        int size = sizeAt(clear, at);
        System.arraycopy(clear, at, content, at, size);
        SegmentHeader header = SegmentHeader.decode(content, 0, FIRST);
        new FrameFormat().seal(content, at, size, header.salt(), header.offsetOf(at));
        target.replace(FIRST, content);

        try (LogInspection log = LogInspection.of(target, "outbox", keys(KEY))) {
            assertThat(log.damages()).hasSize(1);
            assertThat(log.damages().get(0).message())
                    .contains("its checksum is right, but it was not written here with key");
        }
    }

    @Test
    void withoutTheKeyALogIsCheckedAndCountedAndNotRead() throws IOException {
        write(keys(KEY), records);

        try (LogInspection log = LogInspection.of(disk, "outbox")) {
            List<WalRecord> read = new ArrayList<>();
            log.forEachFrame(frame -> read.addAll(frame.records()));
            assertThat(log.damages()).isEmpty();
            assertThat(log.unknownRecords()).isZero();
            assertThat(read)
                    .filteredOn(WalRecord.Unknown.class::isInstance)
                    .hasSize(4)
                    .allSatisfy(record -> assertThat(record.toString())
                            .contains("encrypted with key", "which was not given")
                            .doesNotContain("secret"));
        }
    }

    /** A power cut in the midst of anything, and a new life, over and over. */
    @Test
    void nothingAcknowledgedIsLostToPowerCutsAndNoNonceIsUsedTwice() throws IOException {
        WriteWatch watch = new WriteWatch(disk);
        List<WalRecord> acknowledged = new ArrayList<>();
        int number = 0;
        for (int life = 0; life < 150; life++) {
            try {
                Wal wal = Wal.open(watch.storage(), config(keys(KEY)).build());
                assertThat(wal.recovery().damages()).isEmpty();
                assertThat(WalBench.replay(wal)).containsAll(acknowledged);
                disk.crashAfter(1 + random.nextInt(40));
                while (true) {
                    WalRecord next = WalBench.note(++number);
                    wal.append(next);
                    acknowledged.add(next);
                }
            } catch (SimulatedDisk.Crash powerCut) {
                disk.restart(SimulatedDisk.Survival.ANYTHING);
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(500);
        watch.requireNoNonceTwice();
    }

    /** Sees every frame on its way to the disk: which key, which offset, and what was made of them. */
    private static final class WriteWatch {
        private final LogStorage disk;
        private final Map<String, byte[]> written = new HashMap<>();
        private final Map<String, SegmentHeader> headers = new HashMap<>();
        private final Set<UUID> salts = new HashSet<>();

        WriteWatch(LogStorage disk) {
            this.disk = disk;
        }

        LogStorage storage() {
            return proxy(LogStorage.class, disk, "");
        }

        private <T> T proxy(Class<T> type, T target, String file) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                        try {
                            if (method.getName().equals("write") && target instanceof LogFile) {
                                see(file, (Long) args[0], (byte[]) args[1], (Integer) args[2], (Integer) args[3]);
                            }
                            Object answer = method.invoke(target, args);
                            return answer instanceof LogFile opened
                                    ? proxy(LogFile.class, opened, (String) args[0])
                                    : answer;
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    }));
        }

        private void see(String file, long position, byte[] source, int offset, int length) throws IOException {
            byte[] bytes = Arrays.copyOfRange(source, offset, offset + length);
            if (position == 0 && SegmentHeader.isIntact(bytes, 0)) {
                SegmentHeader header = SegmentHeader.decode(bytes, 0, file);
                assertThat(salts.add(header.keySalt())).as("a salt of its own").isTrue();
                headers.put(new SegmentName("outbox").of(header.number()), header);
                return;
            }
            SegmentHeader header = headers.get(file);
            if (header == null) {
                return; // room in a file that is no segment yet
            }
            for (int at = 0; at < length && FrameFormat.bodyLength(bytes, at) > 0; at += sizeAt(bytes, at)) {
                if ((FrameFormat.flags(bytes, at) & FrameFormat.ENCRYPTED) != 0) {
                    String nonce = header.keySalt() + "@" + header.offsetOf(position + at);
                    byte[] frame = Arrays.copyOfRange(bytes, at, at + sizeAt(bytes, at));
                    assertThat(written.put(nonce, frame)).as(nonce).isNull();
                }
            }
        }

        void requireNoNonceTwice() {
            assertThat(written).as("each was new when it was seen").hasSizeGreaterThan(500);
        }
    }

    private static int sizeAt(byte[] content, int at) {
        return (int) FrameFormat.sizeOf(FrameFormat.bodyLength(content, at));
    }

    private static int bodyEnd(byte[] content, int at) {
        return FrameFormat.HEADER_BYTES + (int) FrameFormat.bodyLength(content, at);
    }

    private void write(LogKeys keys, List<WalRecord> some) throws IOException {
        try (Wal wal = open(keys)) {
            for (WalRecord record : some) {
                wal.writer().append(record);
            }
        }
    }

    private List<WalRecord> read(LogKeys keys) throws IOException {
        try (Wal wal = open(keys)) {
            assertThat(wal.recovery().damages()).isEmpty();
            return WalBench.replay(wal);
        }
    }

    private Wal open(LogKeys keys) throws IOException {
        return Wal.open(disk, config(keys).build());
    }

    private Wal.Config.Builder config(LogKeys keys) {
        return Wal.Config.builder().segmentBytes(4096).random(random).keys(keys);
    }

    private static LogKeys keys(byte[] key) {
        return LogKeys.of(Optional.of(key), List.of());
    }

    private static byte[] key(int seed) {
        byte[] key = new byte[LogKey.BYTES];
        new Random(seed).nextBytes(key);
        return key;
    }
}
