package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random rows and texts against plain maps. A failure names its seed. */
class SlotsTest {
    @Test
    void rowsKeepWhatTheyAreGivenWhileOthersComeAndGo() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            Slots slots = new Slots(60);
            Map<Integer, Long> model = new HashMap<>();
            List<Integer> taken = new ArrayList<>();
            for (int step = 0; step < 60_000; step++) {
                if (taken.isEmpty() || random.nextInt(3) > 0) {
                    int slot = slots.take();
                    long value = random.nextLong();
                    assertThat(model.put(slot, value))
                            .as("seed %s: row %s", seed, slot)
                            .isNull();
                    slots.setLong(slot, 4, value);
                    taken.add(slot);
                } else {
                    int slot = taken.remove(taken.size() - 1);
                    assertThat(slots.getLong(slot, 4)).as("seed %s", seed).isEqualTo(model.remove(slot));
                    slots.free(slot);
                }
            }
            assertThat(slots.used()).isEqualTo(model.size());
            for (int slot : taken) {
                assertThat(slots.getLong(slot, 4)).as("seed %s", seed).isEqualTo(model.get(slot));
            }
        }
    }

    @Test
    void freedRowIsTheNextToBeTaken() {
        Slots slots = new Slots(8);
        int first = slots.take();
        int second = slots.take();

        slots.free(first);
        slots.free(second);

        assertThat(slots.take()).isEqualTo(second);
        assertThat(slots.take()).isEqualTo(first);
        assertThat(slots.created()).isEqualTo(2);
    }

    @Test
    void textsOfAnyLengthAreKeptAndTheirRowsUsedAgain() {
        Random random = new Random(3);
        Texts texts = new Texts();
        Map<Integer, byte[]> model = new HashMap<>();
        for (int round = 0; round < 3; round++) {
            for (int length = 0; length < 300; length++) {
                byte[] text = new byte[length];
                random.nextBytes(text);
                model.put(texts.add(text), text);
            }
            long bytes = texts.bytes();
            assertThat(model).hasSize(300);
            model.forEach((number, text) -> assertThat(texts.get(number)).isEqualTo(text));
            model.keySet().forEach(texts::remove);
            model.clear();
            assertThat(texts.bytes()).isEqualTo(bytes);
        }
    }
}
