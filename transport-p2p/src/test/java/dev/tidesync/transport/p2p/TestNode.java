package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportMetrics;
import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A whole node with a directory and an inbox of its own, as an engine would run it. */
final class TestNode implements AutoCloseable {
    private static final AtomicInteger keys = new AtomicInteger();

    final TestInbox inbox = new TestInbox();
    final TestOutbox outbox = new TestOutbox();
    final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    private final Path directory;
    private final Map<String, String> settings = new TreeMap<>();
    private ISyncTransport transport;

    /** A node in this directory, with settings as name, value, name, value. */
    TestNode(Path directory, String... settings) {
        this.directory = directory;
        this.settings.putAll(Map.of(
                "listen", "127.0.0.1:0",
                "keep-connected", "false",
                "reconnect.min", "1ms",
                "reconnect.max", "2ms"));
        for (int i = 0; i < settings.length; i += 2) {
            this.settings.put(settings[i], settings[i + 1]);
        }
        this.transport = create();
    }

    private ISyncTransport create() {
        try {
            return new P2pTransportProvider()
                    .create(new Context(
                            directory,
                            Settings.of(P2pSettings.SPEC, settings),
                            inbox,
                            outbox,
                            (name, amount) -> counters.computeIfAbsent(name, key -> new LongAdder())
                                    .add(amount)));
        } catch (TransportConfigException wrong) {
            throw new AssertionError(wrong);
        }
    }

    record Context(Path dataDirectory, Settings settings, Inbox anInbox, Enqueuer anOutbox, TransportMetrics metrics)
            implements TransportContext {
        @Override
        public String instanceName() {
            return "p2p";
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }

        @Override
        public String engineVersion() {
            return "test";
        }

        @Override
        public Optional<Inbox> inbox() {
            return Optional.of(anInbox);
        }

        @Override
        public Optional<Enqueuer> outbox() {
            return Optional.of(anOutbox);
        }
    }

    /** Stops it and starts it again, at the same address. */
    void restart() {
        settings.put("listen", address().toString());
        transport.close();
        transport = create();
    }

    void stop() {
        transport.close();
    }

    NodeId id() {
        try {
            return new KeyFile(directory.resolve("key.pem")).loadOrCreate().id();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    PeerBook book() {
        return new PeerBook(directory.resolve("peers.txt"));
    }

    PeerAddress address() {
        try {
            return ListeningFile.read(directory).orElseThrow();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    int port() {
        return address().port();
    }

    ISyncTransport transport() {
        return transport;
    }

    /** How many connections are ready at this moment. */
    int openLinks() {
        try {
            Node node = ((P2pTransport) transport).node();
            return node.loop().submit(node::openLinks).get();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    long count(String counter) {
        return counters.getOrDefault(counter, new LongAdder()).sum();
    }

    /** Allows the other node under this name, at its own address. */
    TestNode knows(String name, TestNode other) {
        return knows(name, other, other.address());
    }

    TestNode knows(String name, TestNode other, PeerAddress... at) {
        try {
            book().allow(name, other.id(), List.of(at));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Allows the other node, which has to come by itself. */
    TestNode allows(String name, TestNode other) {
        return knows(name, other, new PeerAddress[0]);
    }

    /** Notes whom to ask when the peer of this name cannot be reached. */
    TestNode reaches(String name, TestNode... relays) {
        List<NodeId> via = Stream.of(relays).map(TestNode::id).toList();
        return change(name, peer -> peer.withVia(via));
    }

    TestNode relaysFor(String name) {
        return change(name, peer -> peer.withRelayedFor(true));
    }

    private TestNode change(String name, UnaryOperator<Peer> edit) {
        try {
            book().change(name, edit);
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Sends once whatever waits in the outbox, as an engine does. */
    List<SendResult> passOn() {
        return outbox.sendAll(this::send);
    }

    static Operation message(String to, String payload) {
        String key = "key-" + keys.incrementAndGet();
        return Operation.builder()
                .id("id-" + key)
                .kind("p2p.message")
                .target(to)
                .payload(payload)
                .idempotencyKey(key)
                .createdAtMs(1)
                .build();
    }

    CompletableFuture<SendResult> start(Operation operation) {
        return transport.sendAsync(operation, new TestSendContext()).toCompletableFuture();
    }

    SendResult send(Operation operation) {
        return await(start(operation));
    }

    SendResult send(String to, String payload) {
        return send(message(to, payload));
    }

    /** Sends again and again under the same key, as an engine does, until it is delivered. */
    void deliver(Operation operation) {
        long giveUpAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        SendResult result = send(operation);
        while (!result.ok()) {
            if (!result.retryable() || System.nanoTime() - giveUpAt > 0) {
                throw new AssertionError("not delivered: " + result);
            }
            result = send(operation);
        }
    }

    static SendResult await(CompletableFuture<SendResult> result) {
        try {
            return result.get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("no outcome", failed);
        }
    }

    @Override
    public void close() {
        transport.close();
        inbox.close();
    }
}
