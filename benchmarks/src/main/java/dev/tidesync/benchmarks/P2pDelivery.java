package dev.tidesync.benchmarks;

import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.transport.fake.FakeTransport;
import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Messages from one engine to another in this process, on disk on both sides, against bare Netty frames of the same
 * size that are acknowledged one by one over the same TLS, with the same number under way, and beside the sender's
 * engine without a wire.
 */
final class P2pDelivery {
    private static final int COUNT = 10_000;
    private static final int IN_FLIGHT = 64;

    private P2pDelivery() {}

    static void run(Path directory) throws Exception {
        Path receiver = directory.resolve("receiver");
        Path sender = directory.resolve("sender");
        try (BareFrames tls = new BareFrames(IN_FLIGHT, true);
                BareFrames plain = new BareFrames(IN_FLIGHT, false);
                FileOutboxStore store = Bench.open(directory, "alone");
                SyncEngine alone = Bench.engine(store, "fake.", new FakeTransport());
                SyncEngine receiving = SyncEngine.open(receiver, configuration("127.0.0.1:0"))) {
            introduce(receiver, sender);
            receiving.start();
            try (SyncEngine sending = SyncEngine.open(sender, configuration("off"))) {
                Map<String, Callable<Integer>> works = new LinkedHashMap<>();
                works.put("bare Netty frames, TLS 1.3, " + IN_FLIGHT + " in flight", () -> tls.exchange(COUNT));
                works.put("bare Netty frames, plain", () -> plain.exchange(COUNT));
                works.put(
                        "the sender's outbox and engine alone (fake transport)",
                        () -> Delivery.drain(alone, store, COUNT));
                works.put("deliveries, durable on both sides (includes enqueueAll)", () -> deliver(sending));
                Rate.compare(works);
            }
        }
    }

    private static SyncConfiguration configuration(String listen) {
        return SyncConfiguration.of(Map.of(
                "engine.in-flight-window",
                String.valueOf(IN_FLIGHT),
                "engine.batch-limit",
                "256",
                "p2p.window.operations",
                String.valueOf(IN_FLIGHT),
                "p2p.listen",
                listen));
    }

    /** As a person does with {@code tidesync p2p add}. */
    private static void introduce(Path receiver, Path sender) throws Exception {
        Path there = receiver.resolve("transports/p2p");
        Path here = sender.resolve("transports/p2p");
        PeerAddress address =
                PeerAddress.parse(Files.readString(there.resolve("listening")).trim());
        new PeerBook(here.resolve("peers.txt")).allow("receiver", idIn(there), List.of(address));
        new PeerBook(there.resolve("peers.txt")).allow("sender", idIn(here), List.of());
    }

    private static NodeId idIn(Path directory) throws IOException {
        return new KeyFile(directory.resolve("key.pem")).loadOrCreate().id();
    }

    private static int deliver(SyncEngine engine) {
        Bench.fill(engine.outbox(), COUNT, "p2p.message", "receiver");
        engine.start();
        Delivery.awaitDrained(engine.outbox().store());
        engine.stop();
        return COUNT;
    }
}
