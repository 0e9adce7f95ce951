package dev.tidesync.engine.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.engine.wal.InboxKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final long SEED = Long.getLong("inbox.seed", System.nanoTime());

    @Test
    void itAgreesWithAMapOverARandomHistory() {
        Random random = new Random(SEED);
        KeyTable table = new KeyTable(random.nextLong());
        Map<InboxKey, Long> handledAtMs = new HashMap<>();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 500; i++) {
                InboxKey key = new InboxKey(random.nextInt(3), random.nextInt(10_000));
                int slot = table.put(key, key.low() * 7, random.nextInt(5), 11, 4096);
                long atMs = random.nextInt(1000);
                table.handled(slot, atMs);
                handledAtMs.put(key, atMs);
            }
            long timeMs = random.nextInt(200);
            table.forgetHandledBefore(timeMs);
            handledAtMs.values().removeIf(atMs -> atMs < timeMs);

            assertThat(table.size()).as("seed %d", SEED).isEqualTo(handledAtMs.size());
            handledAtMs.forEach((key, atMs) -> {
                int slot = table.find(key);
                assertThat(slot).as("slot of %s, seed %d", key, SEED).isNotNegative();
                assertThat(table.handledAtMs(slot)).isEqualTo(atMs);
                assertThat(table.fingerprint(slot)).isEqualTo(key.low() * 7);
            });
        }
    }

    @Test
    void whatWaitsIsKeptWithItsPlace() {
        KeyTable table = new KeyTable(1);
        InboxKey key = new InboxKey(0, 0);

        table.put(key, 0, 0, 0, 0);
        table.forgetHandledBefore(Long.MAX_VALUE);

        int slot = table.find(key);
        assertThat(table.isHandled(slot)).isFalse();
        assertThat(table.order(slot)).isZero();
        assertThat(table.find(new InboxKey(0, 1))).isNegative();
    }
}
