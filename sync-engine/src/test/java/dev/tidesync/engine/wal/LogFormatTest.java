package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bytes of every released format are kept, and read for ever. */
class LogFormatTest {
    private static final String FILE = "outbox-000001.log";

    private final WalBench bench = new WalBench();

    private static List<WalRecord> records() {
        Operation intent = Operation.builder()
                .id("0192f7c1-5a3e-7000-8000-000000000001")
                .kind("http.post")
                .target("https://api.example.com/messages")
                .payload("{\"text\":\"hello offline\"}")
                .header("Content-Type", "application/json")
                .idempotencyKey("0192f7c1-5a3e-7000-8000-000000000001")
                .orderingKey("chat-7")
                .expiresAtMs(1_800_000_000_000L)
                .createdAtMs(1_700_000_000_000L)
                .nextRetryAtMs(1_700_000_060_000L)
                .build();
        String id = intent.id();
        return List.of(
                new WalRecord.Opened(1, 1_700_000_000_000L),
                new WalRecord.Enqueued(intent),
                new WalRecord.Claimed(id, "store#1", 1_700_000_060_000L),
                new WalRecord.Failed(id, 1_700_000_060_100L, 1, 1_700_000_060_600L, "HTTP 503", "http.503", true, true),
                new WalRecord.Noted(id, 1_700_000_060_200L, "paused"),
                new WalRecord.Released(
                        id,
                        1_700_000_060_300L,
                        OperationStatus.FAILED,
                        1_700_000_061_000L,
                        "offline",
                        "net.down",
                        false,
                        false),
                new WalRecord.Requeued(id, 1_700_000_070_000L, 2, "requeued after in-flight timeout"),
                new WalRecord.Buried(id, 1_700_000_080_000L, 3, "HTTP 410", "http.410"),
                new WalRecord.Replayed(id, 1_700_000_090_000L, "HTTP 410"),
                new WalRecord.Delivered(id, 1_700_000_091_000L),
                new WalRecord.Pruned(List.of(id, "another")));
    }

    /** What version 2 can say more briefly: new operations, ids that are UUIDs, and several claims in one frame. */
    private static List<WalRecord> shared() {
        String first = "0192f7c1-5a3e-7000-8000-000000000001";
        String second = "0192f7c1-5a3e-7000-8000-000000000002";
        Operation brief = Operation.restore(Operation.builder()
                        .id(first)
                        .kind("http.post")
                        .target("/")
                        .idempotencyKey(first)
                        .createdAtMs(1_700_000_000_000L)
                        .nextRetryAtMs(1_700_000_000_000L)
                        .build())
                .updatedAtMs(1_700_000_000_000L)
                .build();
        return List.of(
                new WalRecord.Enqueued(brief),
                new WalRecord.Claimed(first, "", 1_700_000_000_001L),
                new WalRecord.Claimed(second, "", 1_700_000_000_001L),
                new WalRecord.Claimed("order 4711", "", 1_700_000_000_001L),
                new WalRecord.Delivered(first, 1_700_000_000_002L),
                new WalRecord.Delivered(second, 1_700_000_000_002L),
                new WalRecord.Pruned(List.of(first, second)));
    }

    static List<WalRecord> all() {
        return Stream.concat(records().stream(), shared().stream()).toList();
    }

    @Test
    void versionOneIsReadForEver() throws IOException {
        bench.disk().replace(FILE, kept("version-1.log"));

        try (Wal wal = bench.open()) {
            assertThat(wal.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
            assertThat(WalBench.replay(wal)).isEqualTo(records());
        }
    }

    @Test
    void versionTwoIsReadForEver() throws IOException {
        bench.disk().replace(FILE, kept("version-2.log"));

        try (Wal wal = bench.open()) {
            assertThat(wal.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
            assertThat(WalBench.replay(wal)).isEqualTo(all());
        }
    }

    @Test
    void versionTwoIsStillWrittenByteForByte() throws IOException {
        try (Wal wal = bench.open()) {
            wal.writer().appendOwn(new WalRecord.LogBegins(1, 0));
            for (WalRecord record : all()) {
                wal.writer().append(record);
            }
        }

        assertThat(bench.disk().content(FILE)).isEqualTo(kept("version-2.log"));
    }

    @Test
    void encryptedRecordsAreReadForEver() throws IOException {
        bench.disk().replace(FILE, kept("version-3-encrypted.log"));

        try (Wal wal = Wal.open(bench.disk(), encrypted().build())) {
            assertThat(wal.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
            assertThat(WalBench.replay(wal)).isEqualTo(all());
        }
    }

    @Test
    void encryptedRecordsAreStillWrittenByteForByte() throws IOException {
        write(encrypted(), all());

        assertThat(bench.disk().content(FILE)).isEqualTo(kept("version-3-encrypted.log"));
    }

    /** Read, and not written: another library may compress the same payload in another way. */
    @Test
    void compressedPayloadsAreReadForEver() throws IOException {
        bench.disk().replace(FILE, kept("version-3-compressed.log"));

        try (Wal wal = bench.open()) {
            assertThat(wal.recovery()).isEqualTo(new WalRecovery(List.of(), 0, 0, 0));
            assertThat(WalBench.replay(wal)).isEqualTo(compressible());
        }
    }

    static Wal.Config.Builder encrypted() {
        byte[] key = new byte[LogKey.BYTES];
        Arrays.fill(key, (byte) 7);
        return new WalBench().config().keys(LogKeys.of(Optional.of(key), List.of()));
    }

    static List<WalRecord> compressible() {
        return List.of(new WalRecord.Enqueued(Operation.builder()
                .id("large")
                .kind("http.post")
                .target("/")
                .payload("{\"text\":\"hello offline\"}".repeat(50))
                .createdAtMs(1_700_000_000_000L)
                .nextRetryAtMs(1_700_000_000_000L)
                .build()));
    }

    private void write(Wal.Config.Builder config, List<WalRecord> records) throws IOException {
        try (Wal wal = Wal.open(bench.disk(), config.build())) {
            for (WalRecord record : records) {
                wal.writer().append(record);
            }
        }
    }

    private static byte[] kept(String name) throws IOException {
        try (InputStream in = LogFormatTest.class.getResourceAsStream("/dev/tidesync/engine/wal/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }
}
