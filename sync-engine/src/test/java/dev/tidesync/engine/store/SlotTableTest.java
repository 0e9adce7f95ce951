package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random tables against a {@link HashMap}. A failure names its seed. */
class SlotTableTest {
    private final Map<Integer, Long> hashes = new HashMap<>();
    private final SlotTable table = new SlotTable(hashes::get);

    @Test
    void tableFindsWhatAMapFinds() {
        for (long seed = 1; seed <= 20; seed++) {
            Random random = new Random(seed);
            HashKey key = new HashKey(seed, 7);
            Map<Integer, Long> model = new HashMap<>();
            int range = 1 + random.nextInt(3_000);
            for (int step = 0; step < 5_000; step++) {
                int row = random.nextInt(range);
                long hash = key.hash(row, 0);
                if (model.remove(row) == null) {
                    hashes.put(row, hash);
                    table.add(row);
                    model.put(row, hash);
                } else {
                    table.remove(row);
                }
                int sought = random.nextInt(range);
                assertThat(find(key.hash(sought, 0), sought))
                        .as("seed %s: row %s", seed, sought)
                        .isEqualTo(model.containsKey(sought) ? sought : Slots.NONE);
            }
            assertThat(table.size()).as("seed %s", seed).isEqualTo(model.size());
            model.keySet().forEach(table::remove);
        }
    }

    @Test
    void rowsWithEqualHashesAreToldApart() {
        for (int row = 0; row < 50; row++) {
            hashes.put(row, 42L);
            table.add(row);
        }

        for (int row = 0; row < 50; row++) {
            assertThat(find(42, row)).isEqualTo(row);
        }
        assertThat(find(42, 50)).isEqualTo(Slots.NONE);
    }

    @Test
    void tableTakesFewBytesARow() {
        HashKey key = new HashKey(1, 2);
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < 300_000; row++) {
            rows.add(row);
            hashes.put(row, key.hash(row, 0));
            table.add(row);
        }

        assertThat(table.bytes()).isLessThan(300_000 * 12L);
        assertThat(rows).allMatch(row -> find(key.hash(row, 0), row) == row);
    }

    private int find(long hash, int row) {
        return table.find(hash, candidate -> candidate == row);
    }
}
