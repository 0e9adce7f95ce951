package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.engine.simulation.WithoutLogging;
import dev.tidesync.engine.store.FaultScenarios.Scenario;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.SimulatedDisk.Survival;
import dev.tidesync.spi.OutboxStoreException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Fixed lives of a store, in which every single operation of the disk is hit in turn: by a power cut, by an error, and
 * by errors from then on; and then every operation of the opening after it. What was promised must hold each time.
 *
 * <p>{@code -Dfaults.exhaustive=true} adds more ideas of what a disk keeps, and hits the openings after every fault.
 */
@ExtendWith(WithoutLogging.class)
class ExhaustiveFaultTest {
    private static final boolean EXHAUSTIVE = Boolean.getBoolean("faults.exhaustive");
    private static final int RANDOM_SURVIVALS = EXHAUSTIVE ? 8 : 1;
    private static final long STEP_TO_THE_NEXT_SECOND_FAULT = EXHAUSTIVE ? 1 : 37;
    private static final long NEVER = Long.MAX_VALUE / 2;

    private static final List<Survival> SURVIVALS = Stream.concat(
                    Stream.of(Survival.NOTHING, Survival.EVERYTHING),
                    Collections.nCopies(RANDOM_SURVIVALS, Survival.ANYTHING).stream())
            .toList();

    @SuppressWarnings("unused") // the source of the parameters
    private static final List<Scenario> SCENARIOS = FaultScenarios.ALL;

    private enum Fault {
        POWER_CUT,
        ERROR_ONCE,
        ERRORS_FROM_THEN_ON
    }

    /** A disk, a user of it, and what went wrong. */
    private static final class Trial {
        private final SimulatedDisk disk;
        private final FailingStorage storage;
        private final OutboxUser user;

        Trial(long seed) {
            disk = new SimulatedDisk(seed);
            storage = new FailingStorage(disk);
            user = new OutboxUser(storage);
        }

        /** Whether the fault was met; a life may end before it. */
        boolean live(Scenario scenario, Fault fault, long at) {
            arm(fault, at);
            try {
                scenario.life().accept(user);
                return false;
            } catch (SimulatedDisk.Crash | OutboxStoreException | OutboxUser.NothingToTellException met) {
                return true;
            } finally {
                if (fault != Fault.POWER_CUT) {
                    user.closeWhateverItSays();
                }
                storage.heal();
            }
        }

        private void arm(Fault fault, long at) {
            switch (fault) {
                case POWER_CUT -> disk.crashAfter(at);
                case ERROR_ONCE -> storage.failOnceAt(at);
                case ERRORS_FROM_THEN_ON -> storage.failFrom(at);
            }
        }

        void restart(Survival survival) {
            disk.crash();
            disk.restart(survival);
        }

        /** Opens the store, which a fault may prevent. */
        boolean open(Fault fault, long at) {
            arm(fault, at);
            try {
                user.open();
                return true;
            } catch (SimulatedDisk.Crash | OutboxStoreException met) {
                return false;
            } finally {
                storage.heal();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SCENARIOS")
    void whereverThePowerIsCutWhatWasPromisedHolds(Scenario scenario) {
        long operations = operationsOf(scenario);
        for (long at = 1; at <= operations; at++) {
            for (int i = 0; i < SURVIVALS.size(); i++) {
                Trial trial = new Trial(at * SURVIVALS.size() + i);
                assertThat(trial.live(scenario, Fault.POWER_CUT, at))
                        .as("power cut at operation %d of '%s'", at, scenario)
                        .isTrue();
                trial.restart(SURVIVALS.get(i));
                requireKept(trial, "power cut at " + at + ", " + SURVIVALS.get(i) + " kept");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SCENARIOS")
    void whicheverOperationFailsWhatWasPromisedHolds(Scenario scenario) {
        long operations = operationsOf(scenario);
        for (long at = 1; at <= operations; at++) {
            for (Fault fault : List.of(Fault.ERROR_ONCE, Fault.ERRORS_FROM_THEN_ON)) {
                Trial trial = new Trial(at);
                trial.live(scenario, fault, at);
                requireKept(trial, fault + " at " + at);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SCENARIOS")
    void whateverHappensInTheOpeningAfterAPowerCutWhatWasPromisedHolds(Scenario scenario) {
        long operations = operationsOf(scenario);
        for (long at = 1; at <= operations; at += STEP_TO_THE_NEXT_SECOND_FAULT) {
            long opening = operationsOfTheOpeningAfter(scenario, at);
            for (long then = 1; then <= opening; then++) {
                for (Fault fault : Fault.values()) {
                    Trial trial = cutAt(scenario, at);
                    trial.open(fault, then);
                    if (fault == Fault.POWER_CUT) {
                        trial.restart(Survival.ANYTHING);
                    }
                    requireKept(trial, "power cut at " + at + ", then " + fault + " at " + then + " of the opening");
                }
            }
        }
    }

    /** Shows that a promise that is not kept is noticed. */
    @Test
    void aDiskThatOnlySaysItForcesIsCaught() {
        Scenario scenario = FaultScenarios.ALL.get(3);
        Trial trial = new Trial(1);
        trial.disk.lieAboutForces();
        trial.live(scenario, Fault.POWER_CUT, operationsOf(scenario));
        trial.restart(Survival.NOTHING);
        trial.user.open();
        assertThat(trial.user.brokenPromises()).anyMatch(broken -> broken.contains("was acknowledged and is gone"));
    }

    @Test
    void everyScenarioIsOfItsOwn() {
        assertThat(FaultScenarios.ALL).hasSizeGreaterThanOrEqualTo(30);
        assertThat(FaultScenarios.ALL.stream().map(Scenario::name)).doesNotHaveDuplicates();
    }

    private static long operationsOf(Scenario scenario) {
        Trial trial = new Trial(0);
        assertThat(trial.live(scenario, Fault.POWER_CUT, NEVER)).isFalse();
        return trial.disk.operations();
    }

    private static Trial cutAt(Scenario scenario, long at) {
        Trial trial = new Trial(at);
        trial.live(scenario, Fault.POWER_CUT, at);
        trial.restart(Survival.ANYTHING);
        return trial;
    }

    private static long operationsOfTheOpeningAfter(Scenario scenario, long at) {
        Trial trial = cutAt(scenario, at);
        long before = trial.disk.operations();
        assertThat(trial.open(Fault.POWER_CUT, NEVER)).isTrue();
        return trial.disk.operations() - before;
    }

    /** Another process opens the store, and once more after yet another power cut: both must see the same. */
    private static void requireKept(Trial trial, String fault) {
        trial.user.open();
        assertThat(trial.user.brokenPromises()).as(fault).isEmpty();
        List<String> ready = trial.user.ready();
        trial.restart(Survival.ANYTHING);
        trial.user.open();
        assertThat(trial.user.brokenPromises())
                .as("%s, and another power cut after the recovery", fault)
                .isEmpty();
        assertThat(trial.user.ready())
                .as("%s: order after another recovery", fault)
                .isEqualTo(ready);
    }
}
