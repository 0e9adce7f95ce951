package dev.tidesync.transport.p2p;

import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportMetrics;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This end of all connections: one thread, the loop, that owns everything that changes, the peers that are sent to, and
 * the port that others connect to. What is not said to be safe for any thread is confined to the loop.
 */
final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    /** Long enough for a last frame to leave; nothing waits for it. */
    static final Duration GOODBYE = Duration.ofMillis(500);
    /** How soon a peer that was removed loses its connections. */
    private static final Duration LOOK_AT_PEERS = Duration.ofMillis(250);

    /** How soon a lost connection is missed; how soon it is made again is the backoff's to say. */
    private static final Duration REACH = Duration.ofSeconds(1);

    /** Noting a stranger costs a forced write on the loop. */
    private static final Duration KNOCKS_APART = Duration.ofMillis(200);

    private final P2pConfig config;
    private final NodeId id;
    private final Addressing addressing;
    private final Relay relay;
    private final PeerBook book;
    private final Tls tls;
    private final TransportMetrics metrics;
    private final Optional<Inbox> inbox;
    private final String agent;
    private final Sockets sockets;
    private final RandomGenerator random = new Random();
    private final Listener listener;
    private final Map<NodeId, Remote> remotes = new HashMap<>();
    private final Map<NodeId, PeerAddress> workedLast = new HashMap<>();
    private final Set<Link> links = new HashSet<>();
    private Timer peersTimer = Timer.NONE;
    private Timer reachTimer = Timer.NONE;
    private Optional<Channel> port = Optional.empty();
    private boolean closed;
    private long nextKnockAt;

    Node(P2pConfig config, Identity identity, TransportContext context) {
        this.config = config;
        this.id = identity.id();
        this.book = new PeerBook(config.peersFile());
        this.addressing = new Addressing(identity, book);
        this.tls = new Tls(identity, context.clock());
        this.metrics = context.metrics();
        this.inbox = context.inbox();
        this.agent = "Tidesync/" + context.engineVersion();
        this.sockets = new Sockets("tidesync-p2p-" + context.instanceName());
        this.listener = new Listener(this);
        this.relay =
                new Relay(this, context.outbox(), context.clock(), "tidesync-p2p-" + context.instanceName() + "-relay");
        this.nextKnockAt = nanoTime();
    }

    NodeId id() {
        return id;
    }

    P2pConfig config() {
        return config;
    }

    /** Safe to use from any thread. */
    EventLoop loop() {
        return sockets.loop();
    }

    Tls tls() {
        return tls;
    }

    Optional<Inbox> inbox() {
        return inbox;
    }

    Addressing addressing() {
        return addressing;
    }

    Relay relay() {
        return relay;
    }

    TransportMetrics metrics() {
        return metrics;
    }

    Resolver resolver() {
        return sockets.resolver();
    }

    RandomGenerator random() {
        return random;
    }

    long nanoTime() {
        return System.nanoTime();
    }

    Frame.Hello hello() {
        P2pConfig.Sizes sizes = config.sizes();
        String name = config.name().orElseGet(() -> Peer.nameFrom(id));
        return new Frame.Hello(
                1, id.text(), name, agent, sizes.frameBytes(), sizes.windowOperations(), sizes.windowBytes());
    }

    /** Who is known now; safe to use from any thread. */
    PeerBook book() {
        return book;
    }

    /**
     * Opens the port, waits until it is open, and gives its address. Safe to use from any thread but the loop.
     *
     * @throws IllegalStateException if it cannot be opened
     */
    InetSocketAddress listen(PeerAddress at) {
        Channel opened = sockets.bind(at, this::accept);
        InetSocketAddress address = (InetSocketAddress) opened.localAddress();
        loop().execute(() -> port = Optional.of(opened));
        log.info("node {} listens for peers at {}", id, PeerAddress.of(address));
        return address;
    }

    /** Keeps a connection to whoever can be dialled, if that is wanted. Safe to use from any thread. */
    void keepConnected() {
        if (config.keepConnected()) {
            loop().execute(() -> reachTimer = Timer.every(loop(), REACH, this::reachEveryone));
        }
    }

    private void reachEveryone() {
        for (Peer peer : book.current().all()) {
            if (peer.allowed() && !peer.addresses().isEmpty() && !closed) {
                remote(peer.id()).reach();
            }
        }
    }

    private Link accept() {
        Link link = new Link(this, listener, tls.server().newHandler(ByteBufAllocator.DEFAULT), false);
        listener.accepted(link);
        return link;
    }

    /** Connects to whoever is there; only the holder of the expected key gets through. */
    void connect(InetSocketAddress address, SslContext context, Dialing owner) {
        Link link = new Link(this, owner, context.newHandler(ByteBufAllocator.DEFAULT), true);
        sockets.connect(address, config.times().connect(), link, done -> owner.connectDone(address, link, done));
    }

    /** The addresses of an allowed peer, in the order to try them. */
    List<PeerAddress> addressesOf(NodeId peer) {
        return book.current()
                .find(peer.text())
                .filter(Peer::allowed)
                .map(known -> Dialing.inOrder(known, Optional.ofNullable(workedLast.get(peer))))
                .orElse(List.of());
    }

    void worked(NodeId peer, InetSocketAddress address) {
        workedLast.put(peer, PeerAddress.of(address));
    }

    /** What speaks against talking to this node, which has proved its id. */
    Optional<LinkEnd> objectionTo(NodeId peer) {
        if (peer.equals(id)) {
            return Optional.of(LinkEnd.blocked("p2p.self", "this is the node itself, or a copy with the same key"));
        }
        return book.current().allows(peer)
                ? Optional.empty()
                : Optional.of(LinkEnd.blocked(
                        "p2p.unknown-peer", peer + " is not allowed here; run: tidesync p2p accept " + peer));
    }

    /** Notes a stranger for a person to look at; of those that come close together the first, since they come again. */
    void knocked(NodeId peer, InetSocketAddress from) {
        if (peer.equals(id) || nanoTime() - nextKnockAt < 0) {
            return;
        }
        nextKnockAt = nanoTime() + KNOCKS_APART.toNanos();
        try {
            book.knocked(peer, PeerAddress.of(from));
        } catch (IOException | IllegalArgumentException unwritable) {
            log.warn("node {} wants to be let in, but cannot be put on the list", peer, unwritable);
        }
    }

    /** The peer with this id, as the one who sends to it sees it. */
    Remote remote(NodeId peer) {
        return remotes.computeIfAbsent(peer, key -> new Remote(key, this));
    }

    void cancel(Delivery delivery) {
        remotes.values().forEach(remote -> remote.cancel(delivery));
    }

    void connected(Link link) {
        if (closed) {
            link.end(LinkEnd.replaced());
            return;
        }
        if (links.isEmpty()) {
            peersTimer = Timer.every(loop(), LOOK_AT_PEERS, this::dropWhoeverWasRemoved);
        }
        links.add(link);
        remote(link.peer()).connected(link);
    }

    void disconnected(Link link, LinkEnd end) {
        links.remove(link);
        if (links.isEmpty()) {
            peersTimer.stop();
        }
        remote(link.peer()).ended(link, end);
    }

    private void dropWhoeverWasRemoved() {
        for (Link link : List.copyOf(links)) {
            objectionTo(link.peer()).ifPresent(objection -> {
                link.sayGoodbye(Goodbyes.UNTRUSTED, "this node was removed there");
                link.end(objection);
            });
        }
    }

    /** Ends everything and waits a little for the last words to leave. Safe to use from any thread. */
    void close() {
        loop().execute(this::closeAll);
        relay.close();
        sockets.close();
    }

    private void closeAll() {
        closed = true;
        reachTimer.stop();
        port.ifPresent(Node::close);
        remotes.values().forEach(Remote::close);
        for (Link link : List.copyOf(links)) {
            link.sayGoodbye(Goodbyes.SHUTDOWN, "until later");
            link.end(LinkEnd.passing("p2p.transport-closed", "the P2P transport was closed"));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it, and the end of the loop closes it too
    private static void close(Channel channel) {
        channel.close();
    }

    /** Whether the node was closed. */
    boolean isClosed() {
        return closed;
    }

    /** How many connections are ready, in both directions. */
    int openLinks() {
        return links.size();
    }
}
