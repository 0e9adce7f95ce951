package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Handing over operations, and the calls of those who send them without an engine. */
final class OutboxTest {
    private static final Operation HELLO = Operation.of("http.post", "/a", "hello");

    private final MemoryOutboxStore store = new MemoryOutboxStore();
    private final Outbox outbox = outbox(Outbox.Config.builder());

    private Outbox outbox(Outbox.Config.Builder config) {
        return new Outbox(
                store,
                config.clock(() -> Instant.ofEpochMilli(T0))
                        .retry(RetryPolicy.builder()
                                .jitterRatio(0)
                                .maxAttempts(2)
                                .build())
                        .build());
    }

    private Operation get(String id) {
        return store.get(id).orElseThrow();
    }

    @Test
    void enqueueFillsInWhatIsAbsent() {
        Operation stored = get(outbox.enqueue(HELLO));

        assertThat(stored.id()).hasSize(36);
        assertThat(stored.idempotencyKey()).isEqualTo(stored.id());
        assertThat(stored.createdAtMs()).isEqualTo(T0);
        assertThat(stored.updatedAtMs()).isEqualTo(T0);
        assertThat(stored.nextRetryAtMs()).isEqualTo(T0);
        assertThat(stored.status()).isEqualTo(OperationStatus.PENDING);
    }

    @Test
    void enqueueKeepsWhatIsThere() {
        Operation given = HELLO.toBuilder()
                .id("my-id")
                .idempotencyKey("my-key")
                .createdAtMs(5)
                .nextRetryAtMs(T0 + 7)
                .build();

        Operation stored = get(outbox.enqueue(given));

        assertThat(stored.sameIntent(given)).isTrue();
        assertThat(stored.createdAtMs()).isEqualTo(5);
        assertThat(stored.nextRetryAtMs()).isEqualTo(T0 + 7);
    }

    @Test
    void enqueueIgnoresALifecycleThatTheOperationAlreadyHad() {
        Operation used = Operation.restore(HELLO)
                .status(OperationStatus.DONE)
                .attempt(5)
                .lastError("old")
                .build();

        Operation stored = get(outbox.enqueue(used));

        assertThat(stored.status()).isEqualTo(OperationStatus.PENDING);
        assertThat(stored.attempt()).isZero();
        assertThat(stored.lastError()).isEmpty();
    }

    @Test
    void sameIntentUnderTheSameIdIsTheSameOperation() {
        Operation named = HELLO.toBuilder().id("a").build();
        outbox.enqueue(named, T0);
        outbox.claim("a", T0);
        outbox.complete("a", T0);

        assertThat(outbox.enqueue(named, T0 + 1)).isEqualTo("a");

        assertThat(get("a").status()).isEqualTo(OperationStatus.DONE);
    }

    @Test
    void anotherIntentUnderAKnownIdIsRefused() {
        outbox.enqueue(HELLO.toBuilder().id("a").build());

        assertThatThrownBy(() -> outbox.enqueue(
                        HELLO.toBuilder().id("a").payload("other").build()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(get("a").payloadText()).isEqualTo("hello");
    }

    @Test
    void enqueueAllKeepsTheOrderAndChecksAllBeforeTheFirst() {
        Operation tooLarge = HELLO.toBuilder().id("i".repeat(256)).build();
        assertThatThrownBy(() -> outbox.enqueueAll(List.of(HELLO, tooLarge), T0))
                .hasMessageContaining("255");
        assertThat(outbox.peekReady(T0)).isEmpty();

        List<String> ids = outbox.enqueueAll(List.of(HELLO, HELLO, HELLO), T0);

        assertThat(outbox.peekReady(T0)).extracting(Operation::id).containsExactlyElementsOf(ids);
    }

    @Test
    void withoutGeneratedIdsAnOperationMustHaveOne() {
        Outbox strict = outbox(Outbox.Config.builder().autoGenerateIds(false));

        assertThatThrownBy(() -> strict.enqueue(HELLO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation has no id; set one, or let the outbox generate ids");
    }

    @Test
    void withoutGeneratedKeysTheKeyStaysEmpty() {
        Outbox plain = outbox(Outbox.Config.builder().autoGenerateIdempotencyKey(false));

        assertThat(get(plain.enqueue(HELLO)).idempotencyKey()).isEmpty();
    }

    @Test
    void peekReadyShowsFiftyUnlessToldOtherwise() {
        for (int i = 0; i < 60; i++) {
            outbox.enqueue(HELLO);
        }

        assertThat(outbox.peekReady(T0)).hasSize(50);
        assertThat(outbox.peekReady(T0, 0)).isEmpty();
        assertThat(outbox.peekReady(T0, Integer.MAX_VALUE)).hasSize(60);
    }

    @Test
    void failureIsChargedAndTriedAgainUntilTheAttemptsAreUsedUp() {
        String id = outbox.enqueue(HELLO);
        outbox.claim(id, T0);
        assertThat(outbox.fail(id, "busy", T0, true)).isTrue();
        assertThat(get(id).status()).isEqualTo(OperationStatus.FAILED);
        assertThat(get(id).attempt()).isEqualTo(1);
        assertThat(get(id).nextRetryAtMs()).isEqualTo(T0 + 500);

        assertThat(outbox.claim(id, T0 + 499)).isFalse();
        assertThat(outbox.claim(id, T0 + 500)).isTrue();
        outbox.fail(id, "", T0 + 500, true);

        assertThat(get(id).status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(get(id).lastError()).isEqualTo("send failed");
    }

    @Test
    void failureThatIsNotRetryableBuriesAtOnce() {
        String id = outbox.enqueue(HELLO);
        outbox.claim(id);

        assertThat(outbox.fail(id, "bad request", false)).isTrue();

        assertThat(get(id).status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(get(id).attempt()).isEqualTo(1);
    }

    @Test
    void outcomesOfWhatIsNotInFlightAreRefused() {
        String id = outbox.enqueue(HELLO);

        assertThat(outbox.complete(id)).isFalse();
        assertThat(outbox.fail(id, "x", true)).isFalse();
        assertThat(outbox.fail("unknown", "x", true)).isFalse();
        assertThat(get(id).status()).isEqualTo(OperationStatus.PENDING);
    }

    @Test
    void personMayCancelAndReplay() {
        String id = outbox.enqueue(HELLO);

        outbox.cancel(id);
        assertThat(get(id).status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
        outbox.replay(id);

        assertThat(get(id).status()).isEqualTo(OperationStatus.PENDING);
    }

    @Test
    void ownerIsTheStoresUnlessConfigured() {
        assertThat(outbox.owner()).isEqualTo(store.defaultOwner());
        assertThat(outbox(Outbox.Config.builder().owner("mine")).owner()).isEqualTo("mine");
    }
}
