package dev.tidesync.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine does can be read as numbers while it does it. */
@Timeout(60)
final class EngineMetricsIT {
    @TempDir
    private Path directory;

    private final ISyncTransport transport = operation -> switch (operation.target()) {
        case "/refused" -> SendResult.permanent("no");
        case "https://dead.example/" -> SendResult.retryable("down").withScope(Scope.TARGET);
        default -> SendResult.delivered();
    };
    private FileOutboxStore store;
    private SyncEngine engine;

    @BeforeEach
    void open() {
        store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .build());
        engine = new SyncEngine(
                new Outbox(store),
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", transport),
                SyncEngine.Config.builder().build());
    }

    @AfterEach
    void close() {
        engine.close();
        store.close();
    }

    @Test
    void outcomesBacklogAndBreakersAreCounted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (EngineMetrics metrics = new EngineMetrics(engine)) {
            metrics.bindTo(registry);
            enqueue("/fine");
            enqueue("/refused");
            enqueue("https://dead.example/");
            enqueue("https://dead.example/");
            enqueue("https://dead.example/");
            engine.start();

            await().untilAsserted(() -> {
                assertThat(registry.get("tidesync.attempts")
                                .tags("kind", "test", "verdict", "delivered")
                                .counter()
                                .count())
                        .isEqualTo(1);
                assertThat(registry.get("tidesync.attempts")
                                .tags("verdict", "permanent_failed")
                                .counter()
                                .count())
                        .isEqualTo(1);
                assertThat(registry.get("tidesync.attempts")
                                .tags("verdict", "released")
                                .counter()
                                .count())
                        .isGreaterThanOrEqualTo(3);
            });
            assertThat(registry.get("tidesync.delivery.latency").timer().count())
                    .isEqualTo(1);
            assertThat(registry.get("tidesync.operations")
                            .tags("status", "done")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.get("tidesync.running").gauge().value()).isEqualTo(1);
            await().until(() -> registry.get("tidesync.destinations")
                            .tags("breaker", "open")
                            .gauge()
                            .value()
                    == 1);
        }
    }

    @Test
    void prometheusReadsThemOnLoopback() throws Exception {
        try (MetricsServer server = MetricsServer.open(engine, 0)) {
            enqueue("/fine");
            engine.start();

            await().untilAsserted(() -> assertThat(get(server, "/metrics").body())
                    .contains("tidesync_attempts_total{kind=\"test\",verdict=\"delivered\"} 1.0")
                    .contains("tidesync_operations{status=\"done\"} 1.0")
                    .contains("tidesync_oldest_age_seconds 0.0")
                    .contains("tidesync_delivery_latency_seconds_count{kind=\"test\"} 1"));
        }
    }

    @Test
    void healthSaysWhetherTheEngineDelivers() throws Exception {
        try (MetricsServer server = MetricsServer.open(engine, 0)) {
            assertThat(get(server, "/health").statusCode()).isEqualTo(503);
            assertThat(get(server, "/health").body()).contains("DOWN", "does not run");

            engine.start();

            assertThat(get(server, "/health").body()).isEqualTo("{\"status\":\"UP\"}");
        }
    }

    @Test
    void nothingButReadingIsAnswered() throws Exception {
        try (MetricsServer server = MetricsServer.open(engine, 0)) {
            HttpRequest post = HttpRequest.newBuilder(uri(server, "/metrics"))
                    .POST(BodyPublishers.ofString("x"))
                    .build();

            assertThat(HttpClient.newHttpClient()
                            .send(post, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    private void enqueue(String target) {
        engine.enqueue(Operation.of("test.send", target, "x"));
    }

    private static HttpResponse<String> get(MetricsServer server, String path)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri(server, path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(MetricsServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
