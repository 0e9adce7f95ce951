package dev.tidesync.engine.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Shows that the simulation sees: mistakes made on purpose in the engine's sources are found, each by some seed. */
@ExtendWith(WithoutLogging.class)
class PlantedBugsTest {
    private static final int SEEDS = 1_000;
    private static final int CONTROL_SEEDS = 50;

    @SuppressWarnings("unused") // the source of the parameters
    private static final List<PlantedBug> BUGS = PlantedBugs.ALL;

    @SuppressWarnings("unused") // the source of the parameters
    private static final List<PlantedBug> COMPACTION_BUGS = CompactionBugs.ALL;

    @ParameterizedTest
    @FieldSource("COMPACTION_BUGS")
    void aBugPlantedInTheCompactionIsFound(PlantedBug bug) throws Exception {
        LongFunction<String> compaction = MutatedEngine.with(bug).compaction();

        assertThat(LongStream.range(0, SEEDS)
                        .anyMatch(seed -> !compaction.apply(seed).isEmpty()))
                .as("'%s' found within %d seeds", bug, SEEDS)
                .isTrue();
    }

    @SuppressWarnings("unused") // the source of the parameters
    private static final List<PlantedBug> SNAPSHOT_BUGS = SnapshotBugs.ALL;

    @ParameterizedTest
    @FieldSource("SNAPSHOT_BUGS")
    void aBugPlantedInTheSnapshotsIsFound(PlantedBug bug) throws Exception {
        LongFunction<String> snapshots = MutatedEngine.with(bug).snapshots();

        assertThat(LongStream.range(0, SEEDS)
                        .anyMatch(seed -> !snapshots.apply(seed).isEmpty()))
                .as("'%s' found within %d seeds", bug, SEEDS)
                .isTrue();
    }

    @ParameterizedTest
    @FieldSource("BUGS")
    void aPlantedBugIsFound(PlantedBug bug) throws Exception {
        LongFunction<String> simulation = MutatedEngine.with(bug).simulation();

        assertThat(LongStream.range(0, SEEDS)
                        .anyMatch(seed -> !simulation.apply(seed).isEmpty()))
                .as("'%s' found within %d seeds", bug, SEEDS)
                .isTrue();
    }

    @Test
    void theEngineWithoutAPlantedBugPasses() throws Exception {
        LongFunction<String> simulation = MutatedEngine.unchanged().simulation();
        LongFunction<String> compaction = MutatedEngine.unchanged().compaction();
        LongFunction<String> snapshots = MutatedEngine.unchanged().snapshots();

        LongStream.range(0, CONTROL_SEEDS).forEach(seed -> {
            assertThat(simulation.apply(seed)).isEmpty();
            assertThat(compaction.apply(seed)).isEmpty();
            assertThat(snapshots.apply(seed)).isEmpty();
        });
    }
}
