package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What follows a failure goes by the kind of the operation, and by its age. */
final class RetryByKindTest {
    private static final long T0 = 1_800_000_000_000L;

    private final AtomicLong nowMs = new AtomicLong(T0);
    private final MemoryOutboxStore store = new MemoryOutboxStore();

    @Test
    void theLongestPrefixThatHasAPolicyCounts() {
        Outbox.Config config = Outbox.Config.builder()
                .retry("test.", attempts(2))
                .retry("test.send.", attempts(3))
                .build();

        assertThat(config.retryFor("test.send").maxAttempts()).isEqualTo(3);
        assertThat(config.retryFor("test.send.now").maxAttempts()).isEqualTo(3);
        assertThat(config.retryFor("test.sender").maxAttempts()).isEqualTo(2);
        assertThat(config.retryFor("other.send").maxAttempts()).isEqualTo(8);
    }

    @Test
    void anOperationIsBuriedAfterTheAttemptsOfItsKind() {
        try (SyncEngine engine = engine(Outbox.Config.builder().retry("test.once.", attempts(1)))) {
            String once = engine.enqueue(Operation.of("test.once", "/a", "x"));
            String often = engine.enqueue(Operation.of("test.often", "/a", "x"));

            engine.tick();

            assertThat(status(once)).isEqualTo(OperationStatus.PERMANENT_FAILED);
            assertThat(status(often)).isEqualTo(OperationStatus.FAILED);
        }
    }

    @Test
    void delaysAreThoseOfItsKind() {
        RetryPolicy slow = RetryPolicy.builder()
                .baseDelay(Duration.ofSeconds(20))
                .jitterRatio(0)
                .build();
        try (SyncEngine engine = engine(Outbox.Config.builder().retry("test.slow.", slow))) {
            String id = engine.enqueue(Operation.of("test.slow", "/a", "x"));

            engine.tick();

            assertThat(store.get(id).orElseThrow().nextRetryAtMs()).isEqualTo(T0 + 20_000);
        }
    }

    @Test
    void oneThatIsTooOldIsNotTriedAgainWhateverAttemptsItHasLeft() {
        RetryPolicy anHour = RetryPolicy.builder().maxAge(Duration.ofHours(1)).build();
        try (SyncEngine engine = engine(Outbox.Config.builder().retry(anHour))) {
            String id = engine.enqueue(Operation.of("test.send", "/a", "x"));
            engine.tick();
            assertThat(status(id)).isEqualTo(OperationStatus.FAILED);

            nowMs.addAndGet(Duration.ofHours(1).toMillis());
            engine.tick();

            assertThat(status(id)).isEqualTo(OperationStatus.PERMANENT_FAILED);
            assertThat(store.get(id).orElseThrow().attempt()).isEqualTo(2);
        }
    }

    @Test
    void configurationNamesPrefixesAndInheritsTheRest() {
        SyncConfiguration configuration = SyncConfiguration.of(
                Map.of("retry.max-attempts", "5", "retry.max-age", "2d", "retry.http.post.max-attempts", "9"));

        RetryPolicy post = outbox(configuration).retryFor("http.post");

        assertThat(post.maxAttempts()).isEqualTo(9);
        assertThat(post.maxAge()).isEqualTo(Duration.ofDays(2));
        assertThat(outbox(configuration).retryFor("http.get").maxAttempts()).isEqualTo(5);
    }

    @Test
    void whatIsWrongIsNamedByItsFullKey() {
        SyncConfiguration configuration = SyncConfiguration.of(
                Map.of("retry.http.max-attempts", "0", "retry.http.max-atempts", "3", "retry.HTTP.max-delay", "1s"));

        assertThatThrownBy(configuration::check)
                .hasMessageContaining("retry.http.max-attempts")
                .hasMessageContaining("retry.http.max-atempts")
                .hasMessageContaining("retry.HTTP.");
    }

    private static Outbox.Config outbox(SyncConfiguration configuration) {
        return configuration.outbox(() -> Instant.ofEpochMilli(T0));
    }

    private static RetryPolicy attempts(int max) {
        return RetryPolicy.builder().maxAttempts(max).build();
    }

    private SyncEngine engine(Outbox.Config.Builder outbox) {
        ScriptedTransport failing = new ScriptedTransport().answer(SendResult.retryable("busy"));
        return new SyncEngine(
                new Outbox(
                        store,
                        outbox.clock(() -> Instant.ofEpochMilli(nowMs.get())).build()),
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", failing),
                SyncEngine.Config.builder().build());
    }

    private OperationStatus status(String id) {
        return store.get(id).orElseThrow().status();
    }
}
