package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that others make: those that are still shaking hands, bounded by dropping the oldest, so that honest
 * peers get through while strangers pile up; and those that are ready, bounded by refusing. Confined to the loop.
 */
final class Listener implements Link.Owner {
    /** An honest handshake takes a few round trips; nobody needs more of them at a time. */
    private static final int MAX_SHAKING_HANDS = 64;

    private final Node node;
    private final RareLog log;
    private final Set<Link> shakingHands = new LinkedHashSet<>();
    private final Set<Link> ready = new HashSet<>();

    Listener(Node node) {
        this.node = node;
        Logger logger = LoggerFactory.getLogger(Listener.class);
        this.log = new RareLog(logger, node::nanoTime);
    }

    void accepted(Link link) {
        shakingHands.add(link);
        if (shakingHands.size() > MAX_SHAKING_HANDS) {
            Iterator<Link> oldest = shakingHands.iterator();
            Link dropped = oldest.next();
            dropped.end(LinkEnd.passing(
                    "p2p.crowded", dropped.remoteAddress() + " was dropped for newer ones that shake hands too"));
        }
    }

    @Override
    public Optional<LinkEnd> objectionTo(Link link, NodeId peer) {
        Optional<LinkEnd> objection = node.objectionTo(peer);
        if (objection.isPresent()) {
            node.knocked(peer, link.remoteAddress());
        }
        return objection;
    }

    @Override
    public void ready(Link link) {
        shakingHands.remove(link);
        if (ready.size() >= node.config().sizes().connections()) {
            link.sayGoodbye(Goodbyes.BUSY, "this node takes " + ready.size() + " connections");
            link.end(
                    LinkEnd.passing("p2p.busy", "there are " + ready.size() + " connections already: max-connections"));
            return;
        }
        ready.add(link);
        node.connected(link);
    }

    @Override
    public void acknowledged(Link link, Frame.Ack ack) {
        node.remote(link.peer()).acknowledged(link, ack);
    }

    @Override
    public void writable(Link link) {
        node.remote(link.peer()).writable(link);
    }

    @Override
    public void ended(Link link, LinkEnd end) {
        if (ready.remove(link)) {
            node.disconnected(link, end);
        } else if (shakingHands.remove(link)) {
            node.metrics().add("handshakes-failed", 1);
            log.warn("a connection was not taken: " + end.text());
        }
    }
}
