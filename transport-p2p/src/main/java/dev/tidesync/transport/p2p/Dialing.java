package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.wire.Frame;
import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One try to reach a peer at any of its addresses: each gets a head start over the next, the first whose owner proves
 * the expected key wins, and the others are dropped. Confined to the loop.
 */
final class Dialing implements Link.Owner {
    /** What RFC 8305 §5 recommends between one connection attempt and the next. */
    private static final Duration HEAD_START = Duration.ofMillis(250);

    private final NodeId expected;
    private final Node node;
    private final Consumer<LinkEnd> whenFailed;
    private final Deque<InetSocketAddress> untried = new ArrayDeque<>();
    private final Set<Link> trying = new LinkedHashSet<>();
    private int resolving;
    private int connecting;
    private @Nullable SslContext tls;
    private Timer nextTimer = Timer.NONE;
    private Timer overallTimer = Timer.NONE;
    private boolean over;
    private @Nullable Link winner;
    private LinkEnd failure =
            LinkEnd.passing("p2p.no-address", "no address of the peer is known, and it has not connected");

    Dialing(NodeId expected, Node node, Consumer<LinkEnd> whenFailed) {
        this.expected = expected;
        this.node = node;
        this.whenFailed = whenFailed;
    }

    void start() {
        List<PeerAddress> addresses = node.addressesOf(expected);
        Duration atMost = node.config().times().connect();
        overallTimer = Timer.after(
                node.loop(),
                atMost,
                () -> fail(LinkEnd.passing("io.connect-timeout", "no address of the peer answered within " + atMost)));
        for (PeerAddress address : addresses) {
            resolving++;
            node.resolver().resolve(address, found -> resolved(address, found));
        }
        failIfNothingIsLeft();
    }

    /** Addresses join in as they are resolved, so that a slow name server holds up its own alone. */
    private void resolved(PeerAddress address, List<InetSocketAddress> found) {
        resolving--;
        if (found.isEmpty()) {
            note(LinkEnd.passing("io.dns", "cannot resolve " + address.host()));
        }
        boolean first = untried.isEmpty() && trying.isEmpty() && connecting == 0;
        untried.addAll(found);
        if (first) {
            tryNext();
        } else {
            failIfNothingIsLeft();
        }
    }

    private void tryNext() {
        nextTimer.stop();
        InetSocketAddress address = over ? null : untried.poll();
        if (address == null) {
            failIfNothingIsLeft();
            return;
        }
        if (tls == null) {
            tls = node.tls().client(expected);
        }
        connecting++;
        node.connect(address, tls, this);
        nextTimer = Timer.after(node.loop(), HEAD_START, this::tryNext);
    }

    void connectDone(InetSocketAddress address, Link link, ChannelFuture connected) {
        connecting--;
        if (!connected.isSuccess()) {
            note(LinkEnd.passing("io.connect", "cannot connect to " + address + ": " + connected.cause()));
            tryNext();
        } else if (over) {
            link.end(LinkEnd.replaced());
        } else {
            trying.add(link);
        }
    }

    /** The last failure is told, but one that waits for a person outlasts those that pass. */
    private void note(LinkEnd end) {
        if (failure.cause() != LinkEnd.Cause.BLOCKED || end.cause() == LinkEnd.Cause.BLOCKED) {
            failure = end;
        }
    }

    private void failIfNothingIsLeft() {
        if (untried.isEmpty() && trying.isEmpty() && resolving == 0 && connecting == 0) {
            fail(failure);
        }
    }

    private void fail(LinkEnd end) {
        if (!over) {
            note(end);
            abandon();
            whenFailed.accept(failure);
        }
    }

    /** Drops all tries without a word to anybody. */
    void abandon() {
        over = true;
        nextTimer.stop();
        overallTimer.stop();
        untried.clear();
        List.copyOf(trying).forEach(link -> link.end(LinkEnd.replaced()));
        trying.clear();
    }

    @Override
    public Optional<LinkEnd> objectionTo(Link link, NodeId peer) {
        return peer.equals(expected)
                ? node.objectionTo(peer)
                : Optional.of(LinkEnd.blocked("tls.pin", "expected " + expected + " but " + peer + " answered"));
    }

    @Override
    public void ready(Link link) {
        if (over) {
            link.end(LinkEnd.replaced());
            return;
        }
        winner = link;
        trying.remove(link);
        abandon();
        node.worked(expected, link.remoteAddress());
        node.connected(link);
    }

    @Override
    public void acknowledged(Link link, Frame.Ack ack) {
        node.remote(expected).acknowledged(link, ack);
    }

    @Override
    public void writable(Link link) {
        node.remote(expected).writable(link);
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        if (link == winner) {
            node.disconnected(link, end);
        } else if (trying.remove(link)) {
            note(end);
            tryNext();
        } else {
            note(end);
        }
    }

    /** The known addresses of a peer, for its owner's eyes: the one that worked last comes first. */
    static List<PeerAddress> inOrder(Peer peer, Optional<PeerAddress> workedLast) {
        LinkedHashSet<PeerAddress> ordered = new LinkedHashSet<>();
        workedLast.filter(peer.addresses()::contains).ifPresent(ordered::add);
        ordered.addAll(peer.addresses());
        return List.copyOf(ordered);
    }
}
