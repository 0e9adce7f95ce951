package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnqueuedSummaryTest {
    /** {@code -Dsummary.seed=N} runs another seed. */
    @Test
    void summaryReadFromTheBytesIsThatOfTheWholeRecord() {
        long seed = Long.getLong("summary.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            WalRecord.Enqueued record = enqueued(random);
            FieldWriter out = new FieldWriter(64);
            new RecordEncoder(out, false).encode(record);

            assertThat(RecordDecoder.summarize(out.array(), 0, out.size()))
                    .as("seed %s: %s", seed, record)
                    .contains(EnqueuedSummary.of(record));
            assertThat(RecordDecoder.decode(RecordType.ENQUEUED, 0, out.array(), 0, out.size()))
                    .as("seed %s", seed)
                    .isEqualTo(record);
        }
    }

    @Test
    void whatIsNoSuchRecordHasNoSummary() {
        assertThat(RecordDecoder.summarize(new byte[] {(byte) 0xFF}, 0, 1)).isEmpty();
        assertThat(RecordDecoder.summarize(new byte[0], 0, 0)).isEmpty();
    }

    private static WalRecord.Enqueued enqueued(Random random) {
        long createdAtMs = 1_000L + random.nextInt(3);
        Operation operation = Operation.restore(Operation.builder()
                        .id(random.nextBoolean() ? new UUID(random.nextLong(), 1).toString() : "op-" + random.nextInt())
                        .kind("http.post")
                        .target("/x")
                        .payload(new byte[random.nextInt(50)])
                        .header("Content-Type", "text/plain")
                        .orderingKey(random.nextBoolean() ? "" : "lane")
                        .expiresAtMs(random.nextInt(2) * 9_000L)
                        .createdAtMs(createdAtMs)
                        .nextRetryAtMs(1_000L + random.nextInt(3))
                        .build())
                .status(OperationStatus.ofCode(random.nextInt(5)))
                .attempt(random.nextInt(3))
                .updatedAtMs(1_000L + random.nextInt(3))
                .lastError(random.nextBoolean() ? "" : "refused")
                .build();
        return random.nextBoolean()
                ? new WalRecord.Enqueued(operation)
                : new WalRecord.Enqueued(operation, 1L + random.nextInt(9), random.nextBoolean(), random.nextBoolean());
    }
}
