package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random trees against a {@link TreeSet}. A failure names its seed; {@code -Dtree.seed=N} runs that one alone. */
class SlotTreeTest {
    private static final int SEEDS = Integer.getInteger("tree.seeds", 30);
    private static final int STEPS = 3_000;
    private static final int[] NODE_BYTES = {64, 128, 512};

    private final Map<Integer, Long> keys = new HashMap<>();

    @Test
    void treeDoesWhatASortedSetDoes() {
        Long only = Long.getLong("tree.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            new Life(seed).run();
        }
    }

    @Test
    void membersThatComeInOrderFillTheirNodes() {
        Slots nodes = new Slots(512);
        SlotTree tree = new SlotTree(nodes, 512, slot -> slot);

        for (int slot = 0; slot < 100_000; slot++) {
            tree.add(slot);
        }

        assertThat(nodes.used() * 512L).isLessThan(430_000);
    }

    @Test
    void treeOfOneTakesNoNode() {
        Slots nodes = new Slots(128);
        SlotTree tree = new SlotTree(nodes, 128, slot -> slot);

        tree.add(7);

        assertThat(nodes.used()).isZero();
        assertThat(tree.first()).isEqualTo(7);
        assertThat(tree.last()).isEqualTo(7);
    }

    @Test
    void sparseNodesAreJoined() {
        Slots nodes = new Slots(512);
        SlotTree tree = new SlotTree(nodes, 512, slot -> slot);
        for (int slot = 0; slot < 100_000; slot++) {
            tree.add(slot);
        }

        for (int slot = 0; slot < 100_000; slot++) {
            if (slot % 50 != 0) {
                tree.remove(slot);
            }
        }

        assertThat(tree.size()).isEqualTo(2_000);
        assertThat(nodes.used()).isLessThan(120);
    }

    /** One random life of a tree. */
    private final class Life {
        private final String name;
        private final Random random;
        private final Slots nodes;
        private final SlotTree tree;
        private final TreeSet<Integer> model;
        private final int range;

        private Life(long seed) {
            keys.clear();
            name = "seed " + seed;
            random = new Random(seed);
            int nodeBytes = NODE_BYTES[random.nextInt(NODE_BYTES.length)];
            nodes = new Slots(nodeBytes);
            tree = new SlotTree(nodes, nodeBytes, slot -> keys.getOrDefault(slot, 0L));
            model = new TreeSet<>(Comparator.<Integer>comparingLong(slot -> keys.getOrDefault(slot, 0L))
                    .thenComparing(Comparator.naturalOrder()));
            range = 1 + random.nextInt(2_000);
        }

        private void run() {
            int slots = 1 + random.nextInt(1_500);
            boolean inOrder = random.nextBoolean();
            for (int step = 0; step < STEPS; step++) {
                int slot = inOrder && random.nextInt(4) > 0 ? step % slots : random.nextInt(slots);
                change(slot, step / 750 % 2 == 0);
                look(random.nextInt(slots));
            }
            while (!model.isEmpty()) {
                change(random.nextBoolean() ? model.first() : model.last(), false);
            }
            assertThat(tree.isEmpty()).as(name).isTrue();
            assertThat(nodes.used()).as("%s: nodes of an empty tree", name).isZero();
        }

        private void change(int slot, boolean growing) {
            if (model.contains(slot)) {
                if (!growing || random.nextInt(5) == 0) {
                    assertThat(tree.remove(slot)).as(name).isTrue();
                    model.remove(slot);
                }
            } else {
                assertThat(tree.remove(slot)).as(name).isFalse();
                if (growing || random.nextInt(5) == 0) {
                    keys.put(slot, random.nextInt(range) - (long) range / 2);
                    tree.add(slot);
                    model.add(slot);
                }
            }
            assertThat(tree.size()).as(name).isEqualTo(model.size());
        }

        private void look(int slot) {
            Integer after = model.higher(slot);
            long key = random.nextInt(range) - (long) range / 2;
            Integer ceiling = model.stream()
                    .filter(member -> keys.getOrDefault(member, 0L) >= key)
                    .findFirst()
                    .orElse(Slots.NONE);
            assertThat(tree.contains(slot)).as(name).isEqualTo(model.contains(slot));
            assertThat(tree.after(slot)).as("%s: behind %s", name, slot).isEqualTo(after == null ? Slots.NONE : after);
            assertThat(tree.ceiling(key)).as("%s: from %s", name, key).isEqualTo(ceiling);
            assertThat(tree.first()).as(name).isEqualTo(model.isEmpty() ? Slots.NONE : model.first());
            assertThat(tree.last()).as(name).isEqualTo(model.isEmpty() ? Slots.NONE : model.last());
        }
    }
}
