package dev.tidesync.transport.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.transport.fake.FakeTransport.Rule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FakeTransportTest {
    private final FakeTransport transport = new FakeTransport();

    @Test
    void deliversUnlessToldOtherwise() throws Exception {
        assertThat(send("http.post", "/a")).isEqualTo(SendResult.delivered());
    }

    @Test
    void theTargetsRuleWinsOverTheKindsWhichWinsOverTheDefault() throws Exception {
        transport.setDefault(Rule.retryable("default"));
        transport.setRuleForKind("http.post", Rule.permanent("kind"));
        transport.setRuleForTarget("/a", Rule.retryable("target"));

        assertThat(send("http.post", "/a").error()).isEqualTo("target");
        assertThat(send("http.post", "/b").error()).isEqualTo("kind");
        assertThat(send("http.get", "/b").error()).isEqualTo("default");
    }

    @Test
    void aPermanentFailureIsNotRetryable() throws Exception {
        transport.setDefault(Rule.permanent("gone"));

        assertThat(send("http.post", "/a")).isEqualTo(SendResult.permanent("gone"));
    }

    @Test
    void answersWithAnyResult() throws Exception {
        SendResult throttled = SendResult.retryable("slow down")
                .withCode("http.429")
                .withScope(SendResult.Scope.TARGET)
                .withRetryAfter(Duration.ofSeconds(7));
        transport.setDefault(Rule.of(throttled));

        assertThat(send("http.post", "/a")).isEqualTo(throttled);
    }

    @Test
    void failsEachOperationAsOftenAsToldAndThenSucceeds() throws Exception {
        transport.setDefault(Rule.retryable("busy").timesThen(2, Rule.ok()));

        assertThat(List.of(sendOk("a"), sendOk("a"), sendOk("b"), sendOk("a"), sendOk("b"), sendOk("b")))
                .containsExactly(false, false, false, true, false, true);
    }

    @Test
    void throwsWhatItIsToldTo() {
        transport.setDefault(Rule.throwing(() -> new IOException("cable cut")));
        assertThatThrownBy(() -> send("http.post", "/a"))
                .isInstanceOf(IOException.class)
                .hasMessage("cable cut");

        transport.setDefault(Rule.throwing(() -> new NoClassDefFoundError("Gone")));
        assertThatThrownBy(() -> send("http.post", "/a")).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void hangsUntilReleased() throws Exception {
        transport.setDefault(Rule.retryable("late").heldUntilReleased());
        CompletableFuture<SendResult> result = sendAsync("a");
        assertThat(result).isNotDone();
        assertThat(transport.heldCount()).isEqualTo(1);

        transport.release();

        assertThat(result.get()).isEqualTo(SendResult.retryable("late"));
        assertThat(transport.heldCount()).isZero();
    }

    @Test
    void onlyADeafRuleOutlivesItsCancellation() throws Exception {
        Attempt attempt = new Attempt();
        transport.setRuleForTarget("/a", Rule.ok().heldUntilReleased());
        transport.setRuleForTarget("/deaf", Rule.ok().deafUntilReleased());
        CompletableFuture<SendResult> held = transport
                .sendAsync(Operation.of("http.post", "/a", ""), attempt)
                .toCompletableFuture();
        CompletableFuture<SendResult> deaf = transport
                .sendAsync(Operation.of("http.post", "/deaf", ""), attempt)
                .toCompletableFuture();

        attempt.cancel();

        assertThat(held.get().code()).isEqualTo("fake.cancelled");
        assertThat(deaf).isNotDone();
        transport.release();
        assertThat(deaf.get().ok()).isTrue();
    }

    @Test
    void latencyPassesOnTheGivenScheduler() throws Exception {
        List<Duration> delays = new ArrayList<>();
        List<Runnable> actions = new ArrayList<>();
        FakeTransport slow = new FakeTransport((delay, action) -> {
            delays.add(delay);
            actions.add(action);
        });
        slow.setDefault(Rule.ok().after(Duration.ofSeconds(3)));

        CompletableFuture<SendResult> result =
                slow.sendAsync(operation("a"), new Attempt()).toCompletableFuture();
        assertThat(result).isNotDone();
        actions.get(0).run();

        assertThat(delays).containsExactly(Duration.ofSeconds(3));
        assertThat(result.get().ok()).isTrue();
    }

    @Test
    void latencyPassesWithoutAScheduler() throws Exception {
        transport.setDefault(Rule.ok().after(Duration.ofMillis(1)));

        assertThat(send("http.post", "/a").ok()).isTrue();
    }

    @Test
    void aBlockedSendCanBeInterrupted() throws Exception {
        transport.setDefault(Rule.ok().heldUntilReleased());
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread sender = new Thread(() -> {
            try {
                transport.send(operation("a"));
            } catch (InterruptedException stopped) {
                interrupted.set(true);
            } catch (Exception unexpected) {
                throw new AssertionError(unexpected);
            }
        });
        sender.start();

        sender.interrupt();
        sender.join();

        assertThat(interrupted).isTrue();
    }

    @Test
    void remembersWhatItWasGiven() throws Exception {
        transport.send(operation("a"));
        transport.send(operation("b"));
        transport.send(operation("a"));

        assertThat(transport.callCount()).isEqualTo(3);
        assertThat(transport.sent()).extracting(Operation::id).containsExactly("a", "b", "a");
    }

    @Test
    void forgetsTheOldestBeyondWhatItRemembers() throws Exception {
        for (int i = 0; i <= FakeTransport.REMEMBERED; i++) {
            transport.send(operation("op-" + i));
        }

        assertThat(transport.callCount()).isEqualTo(FakeTransport.REMEMBERED + 1);
        assertThat(transport.sent()).hasSize(FakeTransport.REMEMBERED);
        assertThat(transport.sent().get(0).id()).isEqualTo("op-1");
    }

    @Test
    void closingEndsWhatHangsAndWhatComesLater() throws Exception {
        transport.setDefault(Rule.ok().heldUntilReleased());
        CompletableFuture<SendResult> hanging = sendAsync("a");

        transport.close();

        assertThat(hanging.get().retryable()).isTrue();
        assertThat(send("http.post", "/a").retryable()).isTrue();
    }

    @Test
    void countsEveryCallOfManyThreads() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int n = 0; n < 1_000; n++) {
                    sendAsync("a").join();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(transport.callCount()).isEqualTo(4_000);
        assertThat(transport.sent()).hasSize(4_000);
    }

    private SendResult send(String kind, String target) throws Exception {
        return transport.send(Operation.of(kind, target, "{}"));
    }

    private boolean sendOk(String id) throws Exception {
        return transport.send(operation(id)).ok();
    }

    private CompletableFuture<SendResult> sendAsync(String id) {
        return transport.sendAsync(operation(id), new Attempt()).toCompletableFuture();
    }

    private static Operation operation(String id) {
        return Operation.builder().id(id).kind("http.post").target("/a").build();
    }
}
