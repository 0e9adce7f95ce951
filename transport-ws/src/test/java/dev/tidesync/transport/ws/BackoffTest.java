package dev.tidesync.transport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicLong now = new AtomicLong();
    /** As close to 1 as makes no difference: the whole span. */
    private final RandomGenerator longest = () -> -1L;

    private final Backoff backoff = new Backoff(
            new WsConfig.Reconnect(
                    Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMinutes(1)),
            now::get,
            longest);

    private long remainingMs() {
        return Math.round(backoff.remaining().orElse(Duration.ZERO).toNanos() / 1e6);
    }

    @Test
    void theWaitDoublesUpToItsBound() {
        long[] waits = new long[9];
        for (int i = 0; i < waits.length; i++) {
            backoff.failed();
            waits[i] = remainingMs();
        }

        assertThat(waits).containsExactly(500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000);
    }

    @Test
    void aConnectionThatLastedBeginsAnew() {
        backoff.failed();
        backoff.failed();
        backoff.opened();
        now.addAndGet(Duration.ofSeconds(30).toNanos());

        backoff.lost();

        assertThat(remainingMs()).isEqualTo(500);
    }

    @Test
    void aConnectionThatWasShortLivedCountsAsAFailure() {
        backoff.failed();
        backoff.opened();
        now.addAndGet(Duration.ofSeconds(29).toNanos());

        backoff.lost();

        assertThat(remainingMs()).isEqualTo(1000);
    }

    @Test
    void theWaitEnds() {
        backoff.failed();
        now.addAndGet(Duration.ofMillis(500).toNanos());

        assertThat(backoff.remaining()).isEmpty();
    }
}
