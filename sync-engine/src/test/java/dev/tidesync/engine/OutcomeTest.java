package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an operation after each kind of result. */
final class OutcomeTest {
    private final ScriptedTransport transport = new ScriptedTransport();
    private final EngineUnderTest sync = new EngineUnderTest(transport);

    @AfterEach
    void close() {
        sync.close();
    }

    private Operation afterOneTick(SendResult result) {
        transport.answer(result);
        String id = sync.enqueue("/a", "x");
        sync.tick();
        return sync.get(id);
    }

    @Test
    void deliveredAtOnceIsDoneWithoutAnAttemptCharged() {
        Operation done = afterOneTick(SendResult.delivered());

        assertThat(done.status()).isEqualTo(OperationStatus.DONE);
        assertThat(done.attempt()).isZero();
        assertThat(done.lastError()).isEmpty();
    }

    @Test
    void retryableFailureIsChargedAndWaitsForTheBaseDelay() {
        Operation failed = afterOneTick(SendResult.retryable("busy"));

        assertThat(failed.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(failed.attempt()).isEqualTo(1);
        assertThat(failed.lastError()).isEqualTo("busy");
        assertThat(failed.nextRetryAtMs()).isEqualTo(T0 + 500);
    }

    @Test
    void retryAfterBeyondThePolicyIsKept() {
        Operation failed = afterOneTick(SendResult.retryable("slow down").withRetryAfter(Duration.ofMinutes(5)));

        assertThat(failed.nextRetryAtMs()).isEqualTo(T0 + 300_000);
    }

    @Test
    void retryAfterShorterThanThePolicyDoesNotHastenTheRetry() {
        Operation failed = afterOneTick(SendResult.retryable("slow down").withRetryAfter(Duration.ofMillis(1)));

        assertThat(failed.nextRetryAtMs()).isEqualTo(T0 + 500);
    }

    @Test
    void absurdRetryAfterDoesNotOverflow() {
        SendResult absurd = SendResult.retryable("never").withRetryAfter(Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(afterOneTick(absurd).nextRetryAtMs())
                .isEqualTo(T0 + Duration.ofDays(365).toMillis());
    }

    @Test
    void failureOfTheTargetIsReleasedUncharged() {
        Operation released =
                afterOneTick(SendResult.retryable("connection refused").withScope(Scope.TARGET));

        assertThat(released.status()).isEqualTo(OperationStatus.PENDING);
        assertThat(released.attempt()).isZero();
        assertThat(released.lastError()).isEqualTo("connection refused");
        assertThat(released.nextRetryAtMs()).isEqualTo(T0 + 500);
    }

    @Test
    void failureOfTheNetworkIsReleasedUncharged() {
        Operation released = afterOneTick(SendResult.retryable("no network").withScope(Scope.NETWORK));

        assertThat(released.attempt()).isZero();
        assertThat(released.nextRetryAtMs()).isEqualTo(T0 + 500);
    }

    @Test
    void permanentFailureIsBuriedAndCharged() {
        Operation buried = afterOneTick(SendResult.permanent("bad request"));

        assertThat(buried.status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(buried.attempt()).isEqualTo(1);
        assertThat(buried.lastError()).isEqualTo("bad request");
    }

    @Test
    void eightSendsWithSevenDelaysBetweenThemBuryAnOperation() {
        transport.answer(SendResult.retryable("busy"));
        String id = sync.enqueue("/a", "x");
        long[] delays = {500, 1000, 2000, 4000, 8000, 16_000, 30_000};

        sync.tick();
        for (long delay : delays) {
            assertThat(sync.tickAfter(delay - 1)).isZero();
            assertThat(sync.tickAfter(1)).isEqualTo(1);
        }

        assertThat(sync.status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(sync.get(id).attempt()).isEqualTo(8);
        assertThat(sync.tickAfter(Duration.ofDays(1).toMillis())).isZero();
    }

    @Test
    void operationThatUsedUpItsAttemptsByCrashesIsBuriedWithoutASend() {
        String id = sync.enqueue("/a", "x");
        for (int crash = 0; crash < 8; crash++) {
            assertThat(sync.outbox.claim(id, sync.nowMs.get())).isTrue();
            sync.store.requeueInflightOlderThan(sync.nowMs.addAndGet(10_000), 10_000);
        }

        assertThat(sync.tick()).isZero();

        assertThat(sync.status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(sync.get(id).attempt()).isEqualTo(8);
        assertThat(sync.get(id).lastError()).startsWith("attempts used up: 8 of 8");
        assertThat(transport.calls()).isZero();
    }

    @Test
    void expiredOperationIsBuriedUncharged() {
        Operation shortLived = Operation.builder()
                .kind("test.send")
                .target("/a")
                .expiresAtMs(T0 + 100)
                .build();
        String id = sync.outbox.enqueue(shortLived, T0);

        assertThat(sync.tickAfter(100)).isZero();

        assertThat(sync.status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(sync.get(id).attempt()).isZero();
        assertThat(sync.get(id).lastError()).startsWith("expired");
    }

    @Test
    void delayedOperationWaitsForItsTime() {
        Operation delayed = Operation.builder()
                .kind("test.send")
                .target("/a")
                .nextRetryAtMs(T0 + 60_000)
                .build();
        sync.outbox.enqueue(delayed, T0);

        assertThat(sync.tickAfter(59_999)).isZero();
        assertThat(sync.tickAfter(1)).isEqualTo(1);
    }

    @Test
    void replayedOperationHasAllItsAttemptsAgain() {
        String id = afterOneTick(SendResult.permanent("bad request")).id();
        transport.answer(SendResult.delivered());

        sync.outbox.replay(id, sync.nowMs.get());
        sync.tick();

        assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
    }
}
