package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Whatever a transport does, the engine goes on and no operation is lost. */
final class HostileTransportTest {
    /** Long enough for a thread to start on a busy machine. */
    private static final Duration SHORT_TIMEOUT = Duration.ofMillis(300);

    private static Operation afterOneTick(ISyncTransport transport) {
        return afterOneTick(transport, Duration.ofSeconds(30));
    }

    private static Operation afterOneTick(ISyncTransport transport, Duration sendTimeout) {
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.sendTimeout(sendTimeout))) {
            String id = sync.enqueue("/a", "x");
            assertThat(sync.tick()).isEqualTo(1);
            return sync.get(id);
        }
    }

    private static void assertCharged(Operation operation, String error) {
        assertThat(operation.status()).isEqualTo(OperationStatus.FAILED);
        assertThat(operation.attempt()).isEqualTo(1);
        assertThat(operation.lastError()).isEqualTo(error);
    }

    @Test
    void exceptionOutOfABlockingSendIsCharged() {
        ISyncTransport transport = operation -> {
            throw new java.io.IOException("broken pipe");
        };

        assertCharged(afterOneTick(transport), "transport threw IOException: broken pipe");
    }

    @Test
    void exceptionOutOfAnAsynchronousSendIsCharged() {
        ScriptedTransport transport = new ScriptedTransport().run(operation -> {
            throw new IllegalStateException("not connected");
        });

        assertCharged(afterOneTick(transport), "transport threw IllegalStateException: not connected");
    }

    @Test
    void stageThatFailsIsCharged() {
        ScriptedTransport transport = new ScriptedTransport()
                .run(operation -> CompletableFuture.<SendResult>supplyAsync(() -> {
                    throw new IllegalStateException("reset");
                }));

        assertCharged(afterOneTick(transport), "transport threw IllegalStateException: reset");
    }

    @Test
    void linkageErrorIsChargedAndExplained() {
        ISyncTransport transport = operation -> {
            throw new NoSuchMethodError("okhttp3.Call.timeout()");
        };

        assertCharged(
                afterOneTick(transport),
                "transport threw NoSuchMethodError: okhttp3.Call.timeout()"
                        + "; the plugin and the libraries it was loaded with do not fit together");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless plugin does
    void nullForAResultIsCharged() {
        ISyncTransport transport = operation -> null;

        assertCharged(afterOneTick(transport), "transport returned no result");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless plugin does
    void nullForAStageIsCharged() {
        ScriptedTransport transport = new ScriptedTransport().run(operation -> null);

        assertCharged(afterOneTick(transport), "transport returned no result");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless plugin does
    void nullForAStageFromAPluginIsCharged() {
        SyncTransportProvider careless = new SyncTransportProvider() {
            @Override
            public TransportDescriptor descriptor() {
                return TransportDescriptor.builder("careless", SyncSpi.LEVEL)
                        .kindPrefix("test.")
                        .build();
            }

            @Override
            public ISyncTransport create(TransportContext context) {
                return new ScriptedTransport().run(operation -> null);
            }
        };
        try (EngineUnderTest sync = new EngineUnderTest(new ScriptedTransport());
                TransportRegistry plugins =
                        TransportRegistry.builder().provider(careless).build();
                SyncEngine engine = new SyncEngine(
                        sync.outbox,
                        new NetworkProbe(() -> true),
                        plugins,
                        SyncEngine.Config.builder().build())) {
            String id = sync.enqueue("/a", "x");

            engine.tick(EngineUnderTest.T0);

            assertCharged(sync.get(id), "transport returned no result");
        }
    }

    @Test
    void secondAnswerIsIgnored() {
        ScriptedTransport transport = new ScriptedTransport().run(operation -> new TwiceCompletedStage());

        assertThat(afterOneTick(transport).status()).isEqualTo(OperationStatus.DONE);
    }

    @Test
    void stageThatNeverCompletesIsChargedAtTheDeadline() {
        ScriptedTransport transport = new ScriptedTransport().run(operation -> new CompletableFuture<>());

        assertCharged(afterOneTick(transport, SHORT_TIMEOUT), "no answer within 300 ms");
    }

    @Test
    void blockingSendIsInterruptedAtItsDeadline() {
        AtomicBoolean interrupted = new AtomicBoolean();
        ISyncTransport transport = operation -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.set(true);
                throw expected;
            }
            return SendResult.delivered();
        };

        assertCharged(afterOneTick(transport, SHORT_TIMEOUT), "no answer within 300 ms");
        await().untilTrue(interrupted);
    }

    @Test
    void cancelActionsRunAtTheDeadline() {
        AtomicBoolean cancelled = new AtomicBoolean();
        ISyncTransport transport = new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                return SendResult.delivered();
            }

            @Override
            public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                context.onCancel(() ->
                        cancelled.set(context.cancelled() && context.timeLeft().isZero()));
                return new CompletableFuture<>();
            }
        };

        afterOneTick(transport, SHORT_TIMEOUT);

        assertThat(cancelled).isTrue();
    }

    @Test
    void sendThatSaysAtItsCancellationThatItNeverBeganIsNotCharged() {
        ISyncTransport transport = new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                return SendResult.delivered();
            }

            @Override
            public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                CompletableFuture<SendResult> result = new CompletableFuture<>();
                context.onCancel(() -> result.complete(
                        SendResult.retryable("it waited for its turn").withScope(SendResult.Scope.TARGET)));
                return result;
            }
        };

        Operation operation = afterOneTick(transport, SHORT_TIMEOUT);

        assertThat(operation.status()).isEqualTo(OperationStatus.PENDING);
        assertThat(operation.attempt()).isZero();
        assertThat(operation.lastError()).isEqualTo("it waited for its turn");
    }

    @Test
    void lateDeliveryBecomesDoneAndLateFailureIsRefused() {
        CompletableFuture<SendResult> delivers = new CompletableFuture<>();
        CompletableFuture<SendResult> fails = new CompletableFuture<>();
        ScriptedTransport transport =
                new ScriptedTransport().run(operation -> operation.payloadText().equals("delivers") ? delivers : fails);
        try (EngineUnderTest sync = new EngineUnderTest(transport, config -> config.sendTimeout(SHORT_TIMEOUT))) {
            String first = sync.enqueue("/a", "delivers");
            String second = sync.enqueue("/a", "fails");
            sync.tick();

            delivers.complete(SendResult.delivered());
            fails.complete(SendResult.permanent("too late to matter"));
            sync.tick();

            assertThat(sync.status(first)).isEqualTo(OperationStatus.DONE);
            assertCharged(sync.get(second), "no answer within 300 ms");
        }
    }

    @Test
    void transportThatKeepsItsThreadsIsPausedUntilItGivesThemBack() {
        CompletableFuture<Void> release = new CompletableFuture<>();
        ISyncTransport deaf = operation -> {
            release.join(); // which ignores interrupts
            return SendResult.retryable("woke up");
        };
        try (EngineUnderTest sync = new EngineUnderTest(
                deaf, config -> config.sendTimeout(SHORT_TIMEOUT).maxAbandonedSends(2))) {
            sync.enqueue("https://a.example/", "1");
            sync.enqueue("https://b.example/", "2");
            String third = sync.enqueue("https://c.example/", "3");
            assertThat(sync.tick() + sync.tick()).isEqualTo(3);

            assertThat(sync.tickAfter(1_000)).isZero();
            assertThat(sync.get(third).lastError()).startsWith("transport 'test' is paused: 2 of its sends ignore");

            release.complete(null);
            await().until(() -> sync.tick() > 0);
        }
    }

    @Test
    void sendMayCallBackIntoTheEngineButNotTickIt() {
        CompletableFuture<EngineUnderTest> itself = new CompletableFuture<>();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        ISyncTransport callsBack = operation -> {
            if (operation.payloadText().equals("first")) {
                itself.join().enqueue("/a", "second");
                refused.set(catchThrowable(itself.join()::tick));
            }
            return SendResult.delivered();
        };
        try (EngineUnderTest sync = new EngineUnderTest(callsBack)) {
            itself.complete(sync);
            sync.enqueue("/a", "first");

            assertThat(sync.tick()).isEqualTo(2);

            assertThat(refused.get()).hasMessageContaining("must not tick");
        }
    }

    @Test
    void pluginCodeRunsUnderItsOwnClassLoader() {
        AtomicReference<ClassLoader> seen = new AtomicReference<>();
        ISyncTransport transport = operation -> {
            seen.set(Thread.currentThread().getContextClassLoader());
            return SendResult.delivered();
        };

        afterOneTick(transport);

        assertThat(seen.get()).isSameAs(transport.getClass().getClassLoader());
    }

    /** A stage of a library that calls back twice, first with a delivery, then with a failure. */
    private static final class TwiceCompletedStage extends CompletableFuture<SendResult> {
        @Override
        public CompletableFuture<SendResult> whenComplete(BiConsumer<? super SendResult, ? super Throwable> action) {
            action.accept(SendResult.delivered(), null);
            action.accept(SendResult.permanent("changed my mind"), null);
            return this;
        }
    }
}
