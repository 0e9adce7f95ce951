package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.WalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OutboxIndexTest {
    private static final int BYTES = 100;
    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY_MS = 86_400_000L;

    private final OutboxIndex index = new OutboxIndex();
    private long offset = 1_000;

    @Test
    void waitingOperationsTakeNinetyBytesEach() {
        for (int i = 0; i < 100_000; i++) {
            apply(enqueued(new UUID(i, i).toString(), ""));
        }

        assertThat(index.bytes()).isLessThan(100_000 * 90L);
    }

    @Test
    void memoryOfForgottenOperationsIsUsedAgain() {
        List<String> ids = new ArrayList<>();
        long bytes = 0;
        for (int round = 0; round < 4; round++) {
            ids.clear();
            for (int i = 0; i < 20_000; i++) {
                ids.add("order " + round + "-" + i);
                apply(enqueued(ids.get(i), i % 3 == 0 ? "lane " + round + "-" + i : ""));
            }
            for (String id : ids) {
                apply(new WalRecord.Claimed(id, "owner", NOW));
                apply(new WalRecord.Delivered(id, NOW));
            }
            apply(new WalRecord.Pruned(ids));
            bytes = round == 1 ? index.bytes() : bytes;
        }

        assertThat(index.size()).isZero();
        assertThat(index.bytes()).isEqualTo(bytes);
    }

    @Test
    void delayAfterTheClockWentBackIsWaitedForOnce() {
        apply(new WalRecord.Opened(1, NOW));
        apply(enqueued("a", ""));
        apply(new WalRecord.Claimed("a", "owner", NOW));
        apply(new WalRecord.Failed("a", NOW, 1, NOW + 30_000, "no answer", "", false, false));
        long yesterday = NOW - DAY_MS;

        for (int life = 2; life < 6; life++) {
            apply(new WalRecord.Opened(life, yesterday + (life - 2) * 9_000L));
        }

        assertThat(index.nextDueAtMs(yesterday + 27_000)).hasValue(yesterday + 30_000);
        assertThat(index.isClaimable(find(index, "a"), yesterday + 30_000, Long.MAX_VALUE))
                .isTrue();
    }

    @Test
    void timeThatWasAskedForStandsWhateverTheClockDoes() {
        apply(new WalRecord.Opened(1, NOW));
        apply(enqueued("a", ""));
        apply(new WalRecord.Claimed("a", "owner", NOW));
        apply(new WalRecord.Failed("a", NOW, 1, NOW + 30_000, "come back later", "", false, true));

        apply(new WalRecord.Opened(2, NOW - DAY_MS));

        assertThat(index.nextDueAtMs(NOW - DAY_MS)).hasValue(NOW + 30_000);
    }

    @Test
    void copyOfAKnownOperationChangesNothingButItsPlace() {
        apply(enqueued("a", "lane"));
        apply(enqueued("b", "lane"));
        apply(new WalRecord.Claimed("a", "owner", NOW));
        apply(new WalRecord.Failed("a", NOW, 1, NOW, "refused", "", true, false));
        Entry before = find(index, "a");
        long copied = offset;

        apply(copyOf("a", before, "refused"));

        Entry after = find(index, "a");
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("intentOffset", "errorOffset")
                .isEqualTo(before);
        assertThat(after.intentOffset).isEqualTo(copied);
        assertThat(after.errorOffset).isEqualTo(copied);
        assertThat(index.page(OperationStatus.FAILED, "", 10)).hasSize(1);
        assertThat(index.liveBytes()).isEqualTo(2 * BYTES);
    }

    @Test
    void copyOfAnOperationWhoseFirstRecordIsGoneBringsItBack() {
        OutboxIndex old = new OutboxIndex();
        old.apply(new LogPlace(50, BYTES), enqueued("a", "lane"));
        old.apply(new LogPlace(60, BYTES), new WalRecord.Claimed("a", "owner", NOW));
        old.apply(new LogPlace(70, BYTES), new WalRecord.Failed("a", NOW, 3, NOW + 5, "refused", "", true, true));
        apply(enqueued("b", "lane"));

        apply(copyOf("a", find(old, "a"), "refused"));

        Entry after = find(index, "a");
        assertThat(after)
                .usingRecursiveComparison()
                .ignoringFields("slot", "lane", "intentOffset", "errorOffset", "queue", "claimedFrom")
                .isEqualTo(find(old, "a"));
        assertThat(index.ready(NOW + 10, false))
                .toIterable()
                .as("head of the lane")
                .extracting(entry -> entry.id)
                .containsExactly("a");
    }

    @Test
    void liveBytesBelowAnOffsetAreThoseOfTheRecordsThere() {
        Long only = Long.getLong("index.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 20 : only); seed++) {
            liveBytesAreExact(seed);
        }
    }

    private void liveBytesAreExact(long seed) {
        Random random = new Random(seed);
        OutboxIndex fresh = new OutboxIndex();
        long at = 8;
        boolean watching = false;
        for (int step = 0; step < 2_000; step++) {
            String id = "op-" + random.nextInt(200);
            fresh.apply(new LogPlace(at, 8 * (1 + random.nextInt(5))), record(random, fresh, id));
            at += 40;
            if (step % 400 == 399) {
                fresh.watchBelow(at - random.nextInt(20_000));
                watching = true;
            }
            if (watching && fresh.countOn(random.nextInt(40))) {
                assertThat(fresh.liveBytesBelow()).as("seed %s", seed).isEqualTo(sum(fresh, fresh.watchedEnd()));
            }
            assertThat(fresh.liveBytes()).as("seed %s", seed).isEqualTo(sum(fresh, Long.MAX_VALUE));
        }
    }

    private static Entry find(OutboxIndex index, String id) {
        return Objects.requireNonNull(index.find(id), id);
    }

    private static long sum(OutboxIndex index, long end) {
        long sum = 0;
        for (FifoMerge all = index.all(); all.hasNext(); ) {
            Entry entry = all.next();
            sum += entry.intentOffset < end ? entry.intentBytes : 0;
            boolean ownError = entry.errorOffset != Entry.NO_ERROR && entry.errorOffset != entry.intentOffset;
            sum += ownError && entry.errorOffset < end ? entry.errorBytes : 0;
        }
        return sum;
    }

    private static WalRecord record(Random random, OutboxIndex index, String id) {
        Entry known = index.find(id);
        if (known == null) {
            return enqueued(id, random.nextBoolean() ? "lane" : "");
        }
        return switch (known.status) {
            case PENDING, FAILED ->
                random.nextInt(4) == 0
                        ? new WalRecord.Noted(id, NOW, "offline")
                        : new WalRecord.Claimed(id, "owner", NOW);
            case IN_FLIGHT ->
                random.nextBoolean()
                        ? new WalRecord.Failed(id, NOW, known.attempt + 1, NOW, "failed", "", false, false)
                        : new WalRecord.Delivered(id, NOW);
            case DONE, PERMANENT_FAILED -> new WalRecord.Pruned(List.of(id));
        };
    }

    private void apply(WalRecord record) {
        index.apply(new LogPlace(offset, BYTES), record);
        offset += BYTES;
    }

    private static WalRecord enqueued(String id, String lane) {
        return new WalRecord.Enqueued(operation(id, lane));
    }

    private static Operation operation(String id, String lane) {
        return Operation.restore(Operation.builder()
                        .id(id)
                        .kind("http.post")
                        .target("https://host/x")
                        .orderingKey(lane)
                        .createdAtMs(NOW)
                        .nextRetryAtMs(NOW)
                        .build())
                .updatedAtMs(NOW)
                .build();
    }

    private static WalRecord copyOf(String id, Entry entry, String error) {
        Operation now = Operation.restore(Operation.builder()
                        .id(id)
                        .kind("http.post")
                        .target("https://host/x")
                        .orderingKey("lane")
                        .createdAtMs(NOW)
                        .nextRetryAtMs(entry.nextRetryAtMs)
                        .build())
                .status(entry.status)
                .attempt(entry.attempt)
                .updatedAtMs(entry.updatedAtMs)
                .lastError(error)
                .build();
        return new WalRecord.Enqueued(now, entry.seq, entry.ambiguous, entry.dueWasAsked);
    }
}
