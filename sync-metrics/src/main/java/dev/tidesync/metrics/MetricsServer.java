package dev.tidesync.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.insight.EngineStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves an engine's metrics and health on loopback, to whoever is on this machine:
 *
 * <pre>
 * GET /metrics  Prometheus text, version 0.0.4
 * GET /health   200 {"status":"UP"} while the engine delivers, 503 {"status":"DOWN",…} while it does not
 * </pre>
 *
 * There is no authentication; metrics name no operation and no destination. One daemon thread,
 * {@code tidesync-metrics}, answers one request after another. Safe for use by many threads.
 */
public final class MetricsServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

    private final SyncEngine engine;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final EngineMetrics metrics;
    private final HttpServer server;
    private final ExecutorService thread;

    private MetricsServer(SyncEngine engine, HttpServer server) {
        this.engine = engine;
        this.server = server;
        this.metrics = new EngineMetrics(engine);
        this.thread = Executors.newSingleThreadExecutor(MetricsServer::daemon);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "tidesync-metrics");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Begins to serve. The engine stays the caller's, to close after this.
     *
     * @param port 0 for one that is free
     * @throws IOException if the port cannot be had
     */
    public static MetricsServer open(SyncEngine engine, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        MetricsServer metrics = new MetricsServer(engine, server);
        metrics.start();
        return metrics;
    }

    private void start() {
        metrics.bindTo(registry);
        server.setExecutor(thread);
        server.createContext("/metrics", exchange -> answer(exchange, this::metrics));
        server.createContext("/health", exchange -> answer(exchange, this::health));
        server.start();
    }

    /** Where it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    private record Answer(int status, String type, String body) {}

    private Answer metrics() {
        return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
    }

    private Answer health() {
        String problem = problem();
        return problem.isEmpty()
                ? new Answer(200, "application/json", "{\"status\":\"UP\"}")
                : new Answer(503, "application/json", "{\"status\":\"DOWN\",\"problem\":\"" + problem + "\"}");
    }

    /** Why the engine does not deliver; empty if it does. */
    private String problem() {
        if (engine.failure().isPresent()) {
            return "the store takes no more";
        }
        Optional<EngineStatus> status = engine.status();
        if (status.isEmpty()) {
            return "the engine does not answer";
        }
        return status.get().running() ? "" : "the engine does not run";
    }

    private static void answer(HttpExchange exchange, Supplier<Answer> handler) throws IOException {
        try (exchange) {
            Answer answer = exchange.getRequestMethod().equals("GET")
                    ? answer(handler)
                    : new Answer(405, "text/plain", "only GET is answered\n");
            byte[] body = answer.body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer answer(Supplier<Answer> handler) {
        try {
            return handler.get();
        } catch (RuntimeException failure) {
            log.warn("metrics could not be read", failure);
            return new Answer(500, "text/plain", "metrics could not be read, see the log\n");
        }
    }

    /** Stops to serve; a request that is being answered is cut off. */
    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
        metrics.close();
        registry.close();
    }
}
