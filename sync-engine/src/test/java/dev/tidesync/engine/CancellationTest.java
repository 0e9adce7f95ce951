package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a transport does when its send is cancelled costs nobody else anything. */
@Timeout(30)
final class CancellationTest {
    private static final String DEAD = "https://dead.example/x";
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(200);

    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> cancelled = new CopyOnWriteArrayList<>();

    /** Never answers for the dead, and does this when such a send is cancelled. */
    private ISyncTransport doingWhenCancelled(Runnable action) {
        return new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                throw new AssertionError("the engine is expected to send asynchronously");
            }

            @Override
            public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                if (!operation.target().equals(DEAD)) {
                    return CompletableFuture.completedFuture(SendResult.delivered());
                }
                context.onCancel(() -> {
                    cancelled.add(operation.payloadText());
                    action.run();
                });
                context.onCancel(() -> cancelled.add(operation.payloadText() + " again"));
                return new CompletableFuture<>();
            }
        };
    }

    private void blockForEver() {
        try {
            release.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @AfterEach
    void letGo() {
        release.countDown();
    }

    @Test
    void actionThatBlocksHoldsUpNeitherTheLoopNorOtherCancellations() {
        try (EngineUnderTest sync = new EngineUnderTest(
                doingWhenCancelled(this::blockForEver), config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String first = sync.enqueue(DEAD, "1");
            String second = sync.enqueue(DEAD, "2");
            sync.engine.start();
            await().until(() -> sync.status(first) == OperationStatus.FAILED);
            await().until(() -> sync.status(second) == OperationStatus.FAILED);

            String good = sync.enqueue("https://good.example/x", "good");

            await().until(() -> sync.status(good) == OperationStatus.DONE);
            assertThat(sync.get(first).lastError()).isEqualTo("no answer within 200 ms");
            await().untilAsserted(() -> assertThat(cancelled).containsExactlyInAnyOrder("1", "2"));
        }
    }

    @Test
    void actionThatBlocksDoesNotHoldUpAStop() {
        try (EngineUnderTest sync = new EngineUnderTest(
                doingWhenCancelled(this::blockForEver), config -> config.stopTimeout(Duration.ofMillis(50)))) {
            String id = sync.enqueue(DEAD, "1");
            sync.engine.start();
            await().until(() -> sync.status(id) == OperationStatus.IN_FLIGHT);

            sync.engine.stop();

            assertThat(sync.status(id)).isEqualTo(OperationStatus.PENDING);
        }
    }

    @Test
    void actionsThatBlockCountAsHangingSends() {
        try (EngineUnderTest sync = new EngineUnderTest(
                doingWhenCancelled(this::blockForEver),
                config -> config.sendTimeout(SHORT_TIMEOUT).maxAbandonedSends(1))) {
            sync.enqueue(DEAD, "1");
            sync.tick();

            String next = sync.enqueue("https://good.example/x", "good");

            assertThat(sync.tick()).isZero();
            assertThat(sync.get(next).lastError()).startsWith("transport 'test' is paused");
        }
    }

    @Test
    void actionThatThrowsCostsOnlyItself() {
        ISyncTransport throwing = doingWhenCancelled(() -> {
            throw new NoClassDefFoundError("Gone");
        });
        try (EngineUnderTest sync = new EngineUnderTest(throwing, config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String id = sync.enqueue(DEAD, "1");
            sync.enqueue(DEAD, "2");

            sync.tick();
            sync.tick();

            assertThat(sync.get(id).lastError()).isEqualTo("no answer within 200 ms");
            assertThat(cancelled).containsExactlyInAnyOrder("1", "1 again", "2", "2 again");
        }
    }
}
