package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 4: a transport that is closed lets go of everything, and of nobody's operation. */
abstract class TransportClosingRules extends TransportFailureRules {
    /** What an engine waits before it leaves a transport behind. */
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    @Test
    @DisplayName("4.1 closing twice does no harm")
    final void closingTwiceDoesNoHarm() {
        close(transport());

        assertThatCode(transport()::close).doesNotThrowAnyException();
    }

    @Test
    @DisplayName("4.2 a send after closing is a retryable failure, and delivers nothing")
    final void aSendAfterClosingIsRetryable() throws Exception {
        close(transport());

        assertRetryable(send(deliverable("late")));
        assertThat(received()).isEmpty();
    }

    @Test
    @DisplayName("4.3 a send that runs while the transport is closed ends as a retryable failure")
    final void aRunningSendEndsAsRetryable() throws Exception {
        Operation hanging = given(unanswered(), "never answered");
        CompletableFuture<SendResult> result = start(hanging, new ContractSendContext(patience()));

        close(transport());

        assertRetryable(result.get(patience().toNanos(), TimeUnit.NANOSECONDS));
    }

    private static void assertRetryable(SendResult result) {
        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).as("retryable, was: %s", result).isTrue();
    }

    @Test
    @DisplayName("4.4 no thread that would keep the process alive is left behind")
    final void noThreadIsLeftBehind() throws Exception {
        Set<Thread> before = threadsThatKeepTheProcessAlive();
        ISyncTransport used = create();
        used.sendAsync(deliverable("a"), new ContractSendContext(patience()))
                .toCompletableFuture()
                .get(patience().toNanos(), TimeUnit.NANOSECONDS);

        close(used);

        for (Thread left : threadsThatKeepTheProcessAlive()) {
            if (!before.contains(left)) {
                left.join(patience().toMillis());
                assertThat(left.isAlive())
                        .as("thread '%s' is left", left.getName())
                        .isFalse();
            }
        }
    }

    @Test
    @DisplayName("4.5 closing takes a few seconds at most, also while a send hangs")
    final void closingTakesAFewSecondsAtMost() {
        Operation hanging = given(unanswered(), "never answered");
        begin(hanging, new ContractSendContext(patience()));

        Duration bound = patience().compareTo(CLOSE_BOUND) < 0 ? patience() : CLOSE_BOUND;
        assertReturnsWithin(bound, "close", () -> close(transport()));
    }

    private static Set<Thread> threadsThatKeepTheProcessAlive() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(Thread::isDaemon);
        return threads;
    }
}
