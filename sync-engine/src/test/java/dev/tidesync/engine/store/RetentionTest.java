package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.OperationStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What was delivered is forgotten after a while, and nothing else. */
class RetentionTest {
    private long nowMs = OutboxWork.T0;

    private final StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(
            1,
            settings -> settings.clock(() -> Instant.ofEpochMilli(nowMs))
                    .retainDoneFor(Duration.ofDays(7))
                    .retainDoneCount(3_000));

    private final OutboxWork work = new OutboxWork(simulated);

    @Test
    void whatWasDeliveredIsForgottenWhenItIsOldEnough() {
        put(10);
        work.deliver(10);

        nowMs += Duration.ofDays(7).toMillis() - 1;
        tellTheTime();
        simulated.tidyUp();
        assertThat(count(OperationStatus.DONE)).isEqualTo(10);

        nowMs += 1;
        tellTheTime();
        simulated.upkeep().runLater();
        simulated.tidyUp();
        assertThat(count(OperationStatus.DONE)).isZero();
    }

    /** Tests, simulations and embedders name times of their own, which may be long over. */
    @Test
    void whatWasDeliveredAtATimeLongOverIsKeptAsLongAsTimeStandsStillThere() {
        put(10);
        work.deliver(10);

        nowMs += Duration.ofDays(3_650).toMillis(); // the clock, which nobody here goes by
        simulated.upkeep().runLater();
        simulated.tidyUp();

        assertThat(count(OperationStatus.DONE)).isEqualTo(10);
    }

    @Test
    void theOldestAreForgottenWhereTooManyAreKept() {
        put(5_500);
        work.deliver(5_500);

        simulated.tidyUp();

        assertThat(count(OperationStatus.DONE)).isEqualTo(3_000);
        assertThat(simulated.store().get("op-0")).isEmpty();
        assertThat(simulated.store().get("op-5499")).isPresent();
    }

    @Test
    void whatWaitsOrFailedForGoodIsNeverForgotten() {
        work.fillAndFinishMost("a");
        long waiting = count(OperationStatus.PENDING) + count(OperationStatus.FAILED);
        nowMs += Duration.ofDays(3_650).toMillis();

        simulated.upkeep().runLater();
        simulated.tidyUp();

        assertThat(count(OperationStatus.PERMANENT_FAILED)).isEqualTo(1);
        assertThat(count(OperationStatus.IN_FLIGHT)).isEqualTo(1);
        assertThat(count(OperationStatus.PENDING) + count(OperationStatus.FAILED))
                .isEqualTo(waiting)
                .isPositive();
    }

    private void tellTheTime() {
        simulated.store().nextDueAtMs(nowMs);
    }

    private void put(int count) {
        for (int i = 0; i < count; i++) {
            work.put("op-" + i, "", 10);
        }
    }

    private long count(OperationStatus status) {
        return simulated.store().counts().getOrDefault(status, 0L);
    }
}
