package dev.tidesync.transport.http;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;

/** A server that answers as it is told, and transports with settings of the test's choosing. */
final class HttpFixture implements AutoCloseable {
    /** An environment that tests may change, as a person may. */
    final Map<String, String> environment = new HashMap<>();

    final MockWebServer server = new MockWebServer();
    Instant now = Instant.parse("2026-11-23T12:00:00Z");

    private final Map<String, String> settings = new TreeMap<>();
    private ISyncTransport transport = operation -> SendResult.permanent("not made yet");

    private HttpFixture() {}

    /** A running server, and a transport whose base is that server. */
    static HttpFixture start(String... settings) throws IOException, TransportConfigException {
        HttpFixture fixture = new HttpFixture();
        fixture.server.start(InetAddress.getLoopbackAddress(), 0);
        fixture.with("base-url", "http://127.0.0.1:" + fixture.server.getPort() + "/");
        return fixture.with(settings);
    }

    /** The same fixture with a transport made anew, with these names and values added. */
    HttpFixture with(String... namesAndValues) throws TransportConfigException {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        closeTransport();
        transport = create(settings, environment, () -> now);
        return this;
    }

    static ISyncTransport create(Map<String, String> raw, Map<String, String> environment, InstantSource clock)
            throws TransportConfigException {
        HttpTransportProvider provider = new HttpTransportProvider();
        Settings settings = Settings.of(provider.descriptor().configSpec(), raw, environment::get);
        return provider.create(new Context(settings, clock));
    }

    ISyncTransport transport() {
        return transport;
    }

    /** Lets the server answer the next request with a status and headers, each as {@code Name: value}. */
    HttpFixture answer(int status, String... headers) {
        return answer(response(status, headers).build());
    }

    HttpFixture answer(MockResponse response) {
        server.enqueue(response);
        return this;
    }

    static MockResponse.Builder response(int status, String... headers) {
        MockResponse.Builder response = new MockResponse.Builder().code(status);
        for (String header : headers) {
            response.addHeader(header);
        }
        return response;
    }

    SendResult send(String kind, String payload) {
        return send(operation(kind, "/messages", payload).build());
    }

    SendResult send(Operation operation) {
        return send(operation, new AttemptContext());
    }

    SendResult send(Operation operation, AttemptContext context) {
        return transport
                .sendAsync(operation, context)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    static Operation.Builder operation(String kind, String target, String payload) {
        return Operation.builder()
                .id("op-1")
                .kind(kind)
                .target(target)
                .payload(payload)
                .idempotencyKey("key-1");
    }

    void advance(Duration time) {
        now = now.plus(time);
    }

    private void closeTransport() {
        transport.close();
    }

    @Override
    public void close() {
        closeTransport();
        server.close();
    }

    private record Context(Settings settings, InstantSource clock) implements TransportContext {
        @Override
        public String instanceName() {
            return "http";
        }

        @Override
        public Path dataDirectory() {
            throw new AssertionError("this transport keeps no files");
        }

        @Override
        public TransportMetrics metrics() {
            return (counter, amount) -> {};
        }

        @Override
        public String engineVersion() {
            return "1.2.3";
        }
    }
}
