package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.PluginReport.State;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plugin that hangs when it is started or closed costs a bounded time, and is named. */
@Timeout(30)
class HangingPluginTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final CompletableFuture<Void> release = new CompletableFuture<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() {
        release.complete(null);
    }

    private TestProvider closing(String id, Runnable onClose) {
        return new TestProvider(TestProvider.described(id, id + ".").build(), context -> transport(id, onClose));
    }

    private ISyncTransport transport(String id, Runnable onClose) {
        return new ISyncTransport() {
            @Override
            public SendResult send(Operation operation) {
                return SendResult.delivered();
            }

            @Override
            public void close() {
                onClose.run();
                closed.add(id);
            }
        };
    }

    private static PluginReport reportOn(TransportRegistry registry, String id) {
        return registry.reports().stream()
                .filter(report -> report.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void transportsThatDoNotCloseAreLeftBehindTogetherAndNamed() {
        TransportRegistry registry = TransportRegistry.builder()
                .bounds(LONG, SHORT)
                .provider(closing("a", release::join))
                .provider(closing("b", () -> {}))
                .provider(closing("c", release::join))
                .build();
        long begun = System.nanoTime();

        registry.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LONG);
        assertThat(closed).containsExactly("b");
        assertThat(reportOn(registry, "b").state()).isEqualTo(State.READY);
        for (String hanging : List.of("a", "c")) {
            assertThat(reportOn(registry, hanging).state()).isEqualTo(State.FAILED);
            assertThat(reportOn(registry, hanging).problem()).isEqualTo("has not closed within 200 ms");
            assertThat(reportOn(registry, hanging).hint()).contains("report it to the plugin's author");
        }
    }

    @Test
    void errorOutOfOneCloseDoesNotKeepTheOthersOpen() {
        TransportRegistry registry = TransportRegistry.builder()
                .bounds(LONG, LONG)
                .provider(closing("a", () -> {
                    throw new OutOfMemoryError("as a test");
                }))
                .provider(closing("b", () -> {}))
                .build();

        registry.close();

        assertThat(closed).containsExactly("b");
    }

    @Test
    void createThatHangsIsReportedAndItsTransportClosedShouldItStillCome() {
        TestProvider hanging =
                new TestProvider(TestProvider.described("a", "a.").build(), context -> {
                    release.join();
                    return transport("a", () -> {});
                });

        try (TransportRegistry registry = TransportRegistry.builder()
                .bounds(SHORT, LONG)
                .provider(hanging)
                .provider(closing("b", () -> {}))
                .build()) {
            assertThat(reportOn(registry, "a").state()).isEqualTo(State.FAILED);
            assertThat(reportOn(registry, "a").problem()).isEqualTo("has not returned from create within 200 ms");
            assertThat(registry.noRouteReason("a.x")).contains("transport 'a' has not returned from create");
            assertThat(registry.prefixes()).containsExactly("b.");

            release.complete(null);

            await().until(() -> closed.contains("a"));
        }
    }

    @Test
    void descriptorThatHangsIsReported() {
        SyncTransportProvider hanging = new SyncTransportProvider() {
            @Override
            public TransportDescriptor descriptor() {
                release.join();
                throw new IllegalStateException("too late");
            }

            @Override
            public ISyncTransport create(TransportContext context) {
                throw new AssertionError("it was never described");
            }
        };

        TransportRegistry registry = TransportRegistry.builder()
                .bounds(SHORT, LONG)
                .provider(hanging)
                .provider(closing("b", () -> {}))
                .build();

        assertThat(registry.reports())
                .filteredOn(PluginReport::broken)
                .singleElement()
                .satisfies(report ->
                        assertThat(report.problem()).isEqualTo("has not returned from descriptor within 200 ms"));
        assertThat(registry.prefixes()).containsExactly("b.");
    }

    @Test
    @SuppressWarnings("NullAway") // what a careless plugin does
    void stageThatIsNullStaysNullForTheEngineToJudge() {
        PluginTransport guarded = new PluginTransport(
                "a",
                new ISyncTransport() {
                    @Override
                    public SendResult send(Operation operation) {
                        return SendResult.delivered();
                    }

                    @Override
                    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
                        return null;
                    }
                },
                getClass().getClassLoader());

        assertThat(guarded.sendAsync(Operation.of("a.x", "/", ""), null)).isNull();
    }
}
