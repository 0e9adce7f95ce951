package dev.tidesync.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the whole engine through power cuts, full disks, failed forces, clock jumps and a bad network, one seed after
 * another. {@code -Dsimulation.seeds=N} sets how many, {@code -Dsimulation.seed=N} runs only that one.
 */
@ExtendWith(WithoutLogging.class)
class PowerCutSimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 300);
    private static final long ONLY_SEED = Long.getLong("simulation.seed", -1);
    private static final long COMPARED_SEEDS = 20;

    @Test
    void everyPromiseIsKeptUnderEverySeed() throws Exception {
        if (ONLY_SEED >= 0) {
            assertThat(new SeedRun().apply(ONLY_SEED)).isEmpty();
            return;
        }
        ReliabilityLedger.note("simulation", Map.of("seeds", SEEDS), () -> {
            Optional<String> broken = LongStream.range(0, SEEDS)
                    .parallel()
                    .mapToObj(new SeedRun())
                    .filter(answer -> !answer.isEmpty())
                    .findAny();
            assertThat(broken).isEmpty();
            return broken;
        });
    }

    @Test
    void oneSeedAlwaysGivesTheSameRun() {
        for (long seed = 0; seed < COMPARED_SEEDS; seed++) {
            assertThat(hashOf(seed))
                    .as("D1: hash of the events of seed %d", seed)
                    .isEqualTo(hashOf(seed));
        }
    }

    private static long hashOf(long seed) {
        Simulation simulation = new Simulation(seed);
        simulation.run();
        return simulation.events().hash();
    }
}
