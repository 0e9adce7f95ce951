package dev.tidesync.transport.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.spi.ISyncTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests side by side, cancelled, interrupted, and a transport that is closed under them. */
@Timeout(30)
class LifecycleIT {
    private static final Operation OPERATION =
            HttpFixture.operation("http.post", "/", "{}").build();

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start("max-concurrency-per-host", "3");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void oneHostGetsOnlySoManyRequestsAtATime() {
        Gate gate = new Gate();
        http.server.setDispatcher(gate);

        List<CompletableFuture<SendResult>> results = sendMany(10);
        await().until(() -> gate.inside.get() == 3);
        gate.open.countDown();

        results.forEach(result -> assertThat(result.join()).isEqualTo(SendResult.delivered()));
        assertThat(gate.most.get()).isEqualTo(3);
    }

    @Test
    void aCancelledAttemptEndsAsAmbiguousOnceItWasSent() {
        http.server.setDispatcher(new Gate());
        AttemptContext context = new AttemptContext();
        CompletableFuture<SendResult> result = send(context);
        await().until(() -> http.server.getRequestCount() == 1);

        context.cancel();

        expectCancelled(result.join(), true);
    }

    @Test
    void anAttemptThatStillWaitsForItsTurnEndsAtOnceWhenCancelled() {
        http.server.setDispatcher(new Gate());
        sendMany(3);
        await().until(() -> http.server.getRequestCount() == 3);
        AttemptContext context = new AttemptContext();
        CompletableFuture<SendResult> waiting = send(context);

        context.cancel();

        assertThat(waiting).isCompleted();
        expectCancelled(waiting.join(), false);
    }

    @Test
    void anAttemptCancelledBeforehandSendsNothing() {
        AttemptContext context = new AttemptContext();
        context.cancel();

        expectCancelled(send(context).join(), false);
    }

    @Test
    void aWaitingSendPassesOnItsInterruption() throws Exception {
        http.server.setDispatcher(new Gate());
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread sender = new Thread(() -> {
            try {
                http.transport().send(OPERATION);
            } catch (Exception failure) {
                thrown.set(failure);
            }
        });
        sender.start();
        await().until(() -> http.server.getRequestCount() == 1);

        sender.interrupt();
        sender.join(SECONDS.toMillis(5));

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void closingEndsWhatIsInFlightUncharged() {
        http.server.setDispatcher(new Gate());
        List<CompletableFuture<SendResult>> results = sendMany(5);
        await().until(() -> http.server.getRequestCount() == 3);

        http.transport().close();

        results.forEach(result -> assertThat(result)
                .succeedsWithin(Duration.ofSeconds(5))
                .satisfies(ended -> {
                    assertThat(ended.retryable()).isTrue();
                    assertThat(ended.scope()).isEqualTo(Scope.TARGET);
                    assertThat(ended.code()).isEqualTo("io.cancelled");
                }));
    }

    @Test
    void aClosedTransportRefusesWithoutChargeAndClosesTwice() throws Exception {
        http.transport().close();
        http.transport().close();

        expectCancelled(http.send(OPERATION), false);
        expectCancelled(http.transport().send(OPERATION), false);
        assertThat(http.server.getRequestCount()).isZero();
    }

    @Test
    void threadsAreDaemonsAndEndWithTheTransport() throws Exception {
        Gate gate = new Gate();
        http.server.setDispatcher(gate);
        ISyncTransport transport = HttpFixture.create(
                Map.of("base-url", "http://127.0.0.1:" + http.server.getPort() + "/"), Map.of(), () -> http.now);
        CompletableFuture<SendResult> result =
                transport.sendAsync(OPERATION, new AttemptContext()).toCompletableFuture();
        await().until(() -> gate.inside.get() == 1);
        List<Thread> threads = requestThreads();
        assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);

        transport.close();

        expectCancelled(result.join(), true);
        await().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void aStalledServerDoesNotHoldUpClosing() {
        http.answer(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        CompletableFuture<SendResult> result = send(new AttemptContext());
        await().until(() -> http.server.getRequestCount() == 1);

        long before = System.nanoTime();
        http.transport().close();
        result.join();

        assertThat(System.nanoTime() - before).isLessThan(SECONDS.toNanos(5));
    }

    /** OkHttp names a thread after the host for as long as it serves a request. */
    private List<Thread> requestThreads() {
        String host = "127.0.0.1:" + http.server.getPort();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("OkHttp http")
                        && thread.getName().contains(host))
                .toList();
    }

    private List<CompletableFuture<SendResult>> sendMany(int count) {
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(send(new AttemptContext()));
        }
        return results;
    }

    private CompletableFuture<SendResult> send(AttemptContext context) {
        return http.transport().sendAsync(OPERATION, context).toCompletableFuture();
    }

    private static void expectCancelled(SendResult result, boolean ambiguous) {
        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(Scope.TARGET);
        assertThat(result.code()).isEqualTo("io.cancelled");
        assertThat(result.ambiguous()).isEqualTo(ambiguous);
    }

    /** Holds requests until it is opened, and counts how many it holds. */
    private static final class Gate extends Dispatcher {
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();

        @Override
        public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            open.await();
            inside.decrementAndGet();
            return HttpFixture.response(200).build();
        }

        @Override
        public void close() {
            open.countDown();
        }
    }
}
