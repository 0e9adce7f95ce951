package dev.tidesync.engine.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a failed operation is tried again. */
final class RetryPolicyTest {
    private final RetryPolicy policy = RetryPolicy.defaults();

    @Test
    void delaysDoubleFromTheBaseDelayUpToTheLongest() {
        List<Long> delays = IntStream.range(0, 9)
                .mapToObj(n -> policy.delayFor(n).toMillis())
                .toList();

        assertThat(delays).containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
    }

    @Test
    void noCountOverflowsTheDelay() {
        for (int n : new int[] {54, 55, 63, 64, 1023, 1024, 1_000_000, Integer.MAX_VALUE}) {
            assertThat(policy.delayFor(n)).isEqualTo(Duration.ofSeconds(30));
        }
    }

    @Test
    void eightFailuresAreTheLast() {
        assertThat(policy.canRetry(7)).isTrue();
        assertThat(policy.canRetry(8)).isFalse();
    }

    @Test
    void jitterStaysWithinItsRatioAndTheLongestDelay() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(policy.jitteredDelayFor(0, "op-" + i)).isBetween(Duration.ofMillis(400), Duration.ofMillis(600));
            assertThat(policy.jitteredDelayFor(9, "op-" + i)).isBetween(Duration.ofSeconds(24), Duration.ofSeconds(30));
        }
    }

    @Test
    void jitterSpreadsAHerdEvenly() {
        long early = IntStream.range(0, 1_000)
                .filter(i -> policy.jitteredDelayFor(0, "op-" + i).toMillis() < 500)
                .count();

        assertThat(early).isBetween(400L, 600L);
    }

    @Test
    void jitterIsTheSameWheneverItIsComputed() {
        RetryPolicy afterARestart = RetryPolicy.builder().build();

        assertThat(afterARestart.jitteredDelayFor(3, "op-1")).isEqualTo(policy.jitteredDelayFor(3, "op-1"));
    }

    @Test
    void withoutJitterTheDelayIsExact() {
        RetryPolicy exact = RetryPolicy.builder().jitterRatio(0).build();

        assertThat(exact.jitteredDelayFor(2, "op-1")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void fullJitterNeverMakesAWaitOfNothing() {
        RetryPolicy wild = RetryPolicy.builder()
                .jitterRatio(1)
                .baseDelay(Duration.ofMillis(1))
                .build();

        for (int i = 0; i < 1_000; i++) {
            assertThat(wild.jitteredDelayFor(0, "op-" + i)).isGreaterThanOrEqualTo(Duration.ofMillis(1));
        }
    }

    @Test
    void allBadSettingsAreNamedAtOnce() {
        RetryPolicy.Builder bad = RetryPolicy.builder()
                .maxAttempts(0)
                .baseDelay(Duration.ZERO)
                .maxDelay(Duration.ofMillis(-1))
                .factor(Double.NaN)
                .jitterRatio(1.5);

        assertThatThrownBy(bad::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxAttempts must be at least 1, was: 0; baseDelay must be at least 1 ms, was: PT0S; "
                        + "maxDelay must not be less than baseDelay (PT0S), was: PT-0.001S; "
                        + "factor must be at least 1 and finite, was: NaN; "
                        + "jitterRatio must be between 0 and 1, was: 1.5");
    }

    @Test
    void negativeCountIsRefused() {
        assertThatThrownBy(() -> policy.delayFor(-1)).hasMessage("retry number must not be negative, was: -1");
    }
}
