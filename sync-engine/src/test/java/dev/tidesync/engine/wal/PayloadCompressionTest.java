package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Payloads that take less room on disk, and come back as they were. */
class PayloadCompressionTest {
    private static final byte[] TEXT =
            "{\"text\":\"hello offline\"}".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8);

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void aPayloadThatGetsSmallerIsCompressedAndComesBackAsItWas() throws IOException {
        assertThat(written(TEXT, true)).isLessThan(written(TEXT, false) - TEXT.length * 9 / 10);
    }

    @Test
    void aPayloadThatDoesNotIsLeftAsItIs() throws IOException {
        byte[] noise = new byte[2_000];
        new Random(1).nextBytes(noise);

        assertThat(written(noise, true)).isEqualTo(written(noise, false));
        assertThat(written(new byte[10], true)).isEqualTo(written(new byte[10], false));
    }

    @Test
    void compressionMayEndInALogThatExists() throws IOException {
        append(TEXT, true);
        append(TEXT, false);

        try (Wal wal = open(false)) {
            assertThat(WalBench.replay(wal)).hasSize(2).allSatisfy(PayloadCompressionTest::requireText);
        }
    }

    @Test
    void aSmallRecordCannotClaimAHugePayload() {
        assertThatThrownBy(() -> PayloadCompression.inflate(new byte[100], 200_000_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100 bytes cannot be a compressed payload of 200000000 bytes");
    }

    @Test
    void whatIsNotExactlyThePayloadIsRefused() {
        byte[] deflated =
                bytes(new PayloadCompression().deflate(ByteBuffer.wrap(TEXT)).orElseThrow());

        assertThat(PayloadCompression.inflate(deflated, TEXT.length)).isEqualTo(TEXT);
        for (int wrong : new int[] {0, 1, TEXT.length - 1, TEXT.length + 1}) {
            assertThatThrownBy(() -> PayloadCompression.inflate(deflated, wrong))
                    .as("size %d", wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PayloadCompression.inflate(Arrays.copyOf(deflated, deflated.length - 3), TEXT.length))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static void requireText(WalRecord record) {
        assertThat(((WalRecord.Enqueued) record).operation().payload()).isEqualTo(TEXT);
    }

    /** How many bytes a log of its own takes with this payload. */
    private long written(byte[] payload, boolean compressing) throws IOException {
        disk.list().forEach(disk::remove);
        append(payload, compressing);
        try (Wal wal = open(compressing)) {
            List<WalRecord> records = WalBench.replay(wal);
            assertThat(records).hasSize(1);
            assertThat(((WalRecord.Enqueued) records.get(0)).operation().payload())
                    .isEqualTo(payload);
            return wal.segments().get(0).bytes();
        }
    }

    private void append(byte[] payload, boolean compressing) throws IOException {
        try (Wal wal = open(compressing)) {
            wal.append(new WalRecord.Enqueued(Operation.builder()
                    .id("a")
                    .kind("http.post")
                    .target("/")
                    .payload(payload)
                    .build()));
        }
    }

    private Wal open(boolean compressing) throws IOException {
        return Wal.open(disk, Wal.Config.builder().compressPayloads(compressing).build());
    }
}
