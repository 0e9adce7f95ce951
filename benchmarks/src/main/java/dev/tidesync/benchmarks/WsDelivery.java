package dev.tidesync.benchmarks;

import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.transport.ws.receiver.WsReceiver;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Messages from one engine to another in this process, on disk on both sides, against bare messages of the same library
 * that are answered one by one, with the same number under way.
 */
final class WsDelivery {
    private static final int COUNT = 10_000;
    private static final int IN_FLIGHT = 64;

    private WsDelivery() {}

    static void run(Path directory) throws Exception {
        try (BareMessages bare = new BareMessages(IN_FLIGHT);
                SyncEngine receiving = SyncEngine.open(directory.resolve("receiver"), configuration());
                WsReceiver receiver = WsReceiver.listen(receiving.inbox(), WsReceiver.Config.onPort(0));
                SyncEngine sending = SyncEngine.open(directory.resolve("sender"), configuration())) {
            Map<String, Callable<Integer>> works = new LinkedHashMap<>();
            works.put("bare Java-WebSocket messages, " + IN_FLIGHT + " in flight", () -> bare.exchange(COUNT));
            works.put("deliveries, durable on both sides (includes enqueueAll)", () -> deliver(sending, receiver));
            Rate.compare(works);
        }
    }

    private static SyncConfiguration configuration() {
        return SyncConfiguration.of(Map.of(
                "engine.in-flight-window", String.valueOf(IN_FLIGHT),
                "engine.batch-limit", "256",
                "ws.window.operations", String.valueOf(IN_FLIGHT)));
    }

    private static int deliver(SyncEngine engine, WsReceiver receiver) {
        Bench.fill(engine.outbox(), COUNT, "ws.send", "ws://127.0.0.1:" + receiver.port() + "/");
        engine.start();
        Delivery.awaitDrained(engine.outbox().store());
        engine.stop();
        return COUNT;
    }
}
