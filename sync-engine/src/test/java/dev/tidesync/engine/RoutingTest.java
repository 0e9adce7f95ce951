package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Operations go to the transport that serves their kind, and wait if there is none. */
final class RoutingTest {
    private final ScriptedTransport http = new ScriptedTransport();
    private final ScriptedTransport ws = new ScriptedTransport();

    @Test
    void eachOperationGoesToTheTransportOfItsPrefix() {
        try (EngineUnderTest sync = new EngineUnderTest(Map.of("http.", http, "ws.", ws), config -> config)) {
            sync.outbox.enqueue(Operation.of("http.post", "/a", "for http"));
            sync.outbox.enqueue(Operation.of("ws.send", "/a", "for ws"));

            assertThat(sync.tick()).isEqualTo(2);

            assertThat(http.sentTexts()).containsExactly("for http");
            assertThat(ws.sentTexts()).containsExactly("for ws");
        }
    }

    @Test
    void operationWithoutARouteWaitsUnchargedAndGoesOnceThePluginIsThere() {
        MemoryOutboxStore store = new MemoryOutboxStore();
        String id;
        try (EngineUnderTest sync = new EngineUnderTest(store, Map.of("http.", http), config -> config)) {
            id = sync.outbox.enqueue(Operation.of("ws.send", "/a", "x"));

            assertThat(sync.tick()).isZero();

            assertThat(sync.get(id).status()).isEqualTo(OperationStatus.PENDING);
            assertThat(sync.get(id).attempt()).isZero();
            assertThat(sync.get(id).lastError())
                    .isEqualTo("no transport serves kind 'ws.send'; loaded prefixes: http.; "
                            + "drop its JAR into plugins/ and restart");
        }
        try (EngineUnderTest sync = new EngineUnderTest(store, Map.of("http.", http, "ws.", ws), config -> config)) {
            assertThat(sync.tick()).isEqualTo(1);
            assertThat(sync.status(id)).isEqualTo(OperationStatus.DONE);
        }
    }

    @Test
    void operationsWithoutARouteDoNotHideOthers() {
        try (EngineUnderTest sync = new EngineUnderTest(Map.of("http.", http), config -> config)) {
            for (int i = 0; i < 100; i++) {
                sync.outbox.enqueue(Operation.of("ws.send", "/a", "x"));
            }
            sync.outbox.enqueue(Operation.of("http.post", "/a", "good"));

            assertThat(sync.tick()).isEqualTo(1);
        }
    }

    @Test
    void routeWithAProbeOfItsOwnIsServedWhileTheNetworkIsDown() {
        NetworkProbe loopback = new NetworkProbe(() -> true);
        try (EngineUnderTest sync =
                new EngineUnderTest(Map.of("http.", http, "ws.", ws), config -> config.probe("ws.", loopback))) {
            sync.online.set(false);
            sync.outbox.enqueue(Operation.of("http.post", "/a", "x"));
            sync.outbox.enqueue(Operation.of("ws.send", "/a", "x"));

            sync.tick();

            assertThat(http.calls()).isZero();
            assertThat(ws.calls()).isEqualTo(1);
        }
    }
}
