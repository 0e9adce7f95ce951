package dev.tidesync.transport.ws;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The words that the tests of this transport are written in. */
final class WsFixture {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private WsFixture() {}

    /** A transport that reconnects almost at once, with these settings besides. */
    static ISyncTransport transport(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>();
        settings.put("reconnect.min", "1ms");
        settings.put("reconnect.max", "2ms");
        settings.put("reconnect.blocked-probe", "1ms");
        settings.put("connect-timeout", "5s");
        settings.put("ack-timeout", "5s");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        try {
            return new WsTransportProvider().create(context(settings));
        } catch (TransportConfigException wrong) {
            throw new AssertionError(wrong);
        }
    }

    static TransportContext context(Map<String, String> settings) throws TransportConfigException {
        return new FixtureContext(Settings.of(WsSettings.SPEC, settings), Optional.empty());
    }

    /** A context for a transport that also receives. */
    static TransportContext context(Map<String, String> settings, Inbox inbox) throws TransportConfigException {
        return new FixtureContext(Settings.of(WsSettings.SPEC, settings), Optional.of(inbox));
    }

    /** An operation with an id and key of its own. */
    static Operation operation(String target, String payload) {
        int number = NUMBER.incrementAndGet();
        return Operation.builder()
                .id("op-" + number)
                .kind("ws.send")
                .target(target)
                .payload(payload)
                .idempotencyKey("key-" + number)
                .build();
    }

    static CompletableFuture<SendResult> start(ISyncTransport transport, Operation operation) {
        return transport.sendAsync(operation, new PatientContext()).toCompletableFuture();
    }

    static SendResult send(ISyncTransport transport, Operation operation) {
        return await(start(transport, operation));
    }

    static SendResult await(CompletableFuture<SendResult> result) {
        try {
            return result.get(20, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError("no result came", failure);
        }
    }

    /** Sends as an engine does until it is delivered: the number of sends it took. */
    static int deliver(ISyncTransport transport, Operation operation) {
        for (int sends = 1; sends <= 1000; sends++) {
            SendResult result = send(transport, operation);
            if (result.ok()) {
                return sends;
            }
            if (!result.retryable()) {
                throw new AssertionError("gave up: " + result);
            }
        }
        throw new AssertionError("never delivered");
    }

    private record FixtureContext(Settings settings, Optional<Inbox> inbox) implements TransportContext {
        @Override
        public String instanceName() {
            return "test";
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public Path dataDirectory() {
            return Path.of("target");
        }

        @Override
        public TransportMetrics metrics() {
            return (counter, amount) -> {};
        }

        @Override
        public String engineVersion() {
            return "test";
        }
    }

    /** An attempt that nobody cancels unless asked to. */
    static final class PatientContext implements SendContext {
        private final List<Runnable> actions = new CopyOnWriteArrayList<>();
        private volatile boolean cancelled;

        void cancel() {
            cancelled = true;
            actions.forEach(Runnable::run);
        }

        @Override
        public Duration timeLeft() {
            return Duration.ofMinutes(1);
        }

        @Override
        public int attempt() {
            return 0;
        }

        @Override
        public boolean ambiguousBefore() {
            return false;
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }

        @Override
        public void onCancel(Runnable action) {
            actions.add(action);
        }

        @Override
        public Executor executor() {
            return Runnable::run;
        }
    }
}
