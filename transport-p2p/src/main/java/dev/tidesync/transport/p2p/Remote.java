package dev.tidesync.transport.p2p;

import dev.tidesync.api.SendResult;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Goodbyes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One peer that operations go to: at most one connection, whichever side made it, the deliveries that wait for room on
 * it, and those that wait for their acknowledgement. Confined to the loop.
 *
 * <p>It dials when there is something to send and no connection. When a connection ends, every delivery gets its
 * outcome at once; sending again is the engine's part, under the same idempotency key. Only when another connection to
 * the same peer takes over do deliveries move to that.
 */
final class Remote {
    /** So many silences in a row are the connection's fault rather than the operations'. */
    private static final int SILENCES_TO_DROP = 2;
    /** How long to wait for the connection that is said to have taken over. */
    private static final Duration TAKE_OVER = Duration.ofSeconds(1);

    private final NodeId id;
    private final Node node;
    private final Outcomes outcomes;
    private final Backoff backoff;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private final Window window = new Window();
    private @Nullable Link link;
    private Optional<Dialing> dialing = Optional.empty();
    private SendResult lastFailure = Outcomes.transportClosed();
    private long lastAckId;
    private int silences;
    /** Whether it could not be reached when that was last tried. */
    private boolean away;

    Remote(NodeId id, Node node) {
        this.id = id;
        this.node = node;
        this.outcomes = new Outcomes(node.config().reconnect().blockedProbe());
        this.backoff = new Backoff(node.config().reconnect(), node::nanoTime, node.random());
    }

    void submit(Delivery delivery) {
        Optional<Duration> leftAlone = link == null ? backoff.remaining() : Optional.empty();
        if (leftAlone.isPresent()) {
            delivery.complete(lastFailure.withRetryAfter(leftAlone.get()));
        } else if (link == null && away && delivery.hasDetour()) {
            dial(); // for those that come later
            delivery.complete(lastFailure);
        } else if (waiting.size() >= node.config().sizes().waiting()) {
            delivery.complete(Outcomes.windowFull());
        } else {
            waiting.add(delivery);
            P2pConfig.Times times = node.config().times();
            delivery.timer(Timer.after(node.loop(), times.connect().plus(times.ack()), () -> waitedTooLong(delivery)));
            proceed();
        }
    }

    /** Sees to it that there is a connection, although there is nothing to send; a peer that failed is left alone. */
    void reach() {
        if (link == null && backoff.remaining().isEmpty()) {
            dial();
        }
    }

    private void proceed() {
        if (link != null) {
            pump(link);
        } else if (!waiting.isEmpty()) {
            dial();
        }
    }

    private void dial() {
        if (dialing.isEmpty()) {
            dialing = Optional.of(new Dialing(id, node, this::dialFailed));
            dialing.get().start();
        }
    }

    private void dialFailed(LinkEnd end) {
        dialing = Optional.empty();
        if (link == null) {
            backoff.failed();
            away = true;
            lastFailure = outcomes.ended(end, false);
            giveUpWaiting(lastFailure);
        }
    }

    /** A connection to this peer has come about, made here or there. If there are two, both sides keep the same one. */
    void connected(Link fresh) {
        if (fresh.dialled()) {
            dialing = Optional.empty();
        }
        Link current = link;
        if (current == null) {
            use(fresh);
        } else if (prevails(fresh, current)) {
            moveBack();
            use(fresh);
            replace(current);
        } else {
            replace(fresh);
        }
    }

    /** Of two that one side made, the newer; of one made by each, that of the side with the greater id. */
    private boolean prevails(Link fresh, Link current) {
        boolean ownIsGreater = node.id().compareTo(id) > 0;
        return fresh.dialled() == current.dialled() || fresh.dialled() == ownIsGreater;
    }

    private void use(Link fresh) {
        link = fresh;
        silences = 0;
        away = false;
        backoff.opened();
        pump(fresh);
    }

    private static void replace(Link loser) {
        loser.sayGoodbye(Goodbyes.DUPLICATE, "");
        loser.end(LinkEnd.replaced());
    }

    /** What is under way waits again, ahead of the rest and in its order. */
    private void moveBack() {
        List<Delivery> moving = window.takeAll();
        for (int i = moving.size() - 1; i >= 0; i--) {
            waiting.addFirst(moving.get(i));
        }
    }

    /** Sends what waits, as far as there is room. */
    private void pump(Link open) {
        while (link == open && !waiting.isEmpty() && open.isWritable()) {
            Delivery next = waiting.element();
            byte[] frame = next.encoded(lastAckId + 1);
            lastAckId = Math.max(lastAckId, next.ackId());
            if (frame.length > open.frameBytes()) {
                waiting.remove();
                next.complete(Outcomes.tooLarge(frame.length, open.frameBytes()));
            } else if (window.admits(frame.length, open)) {
                waiting.remove();
                window.add(next);
                next.timer(Timer.after(node.loop(), node.config().times().ack(), () -> ackTimedOut(next)));
                open.sendEncoded(frame);
            } else {
                return;
            }
        }
    }

    void writable(Link from) {
        if (from == link) {
            pump(from);
        }
    }

    void acknowledged(Link from, Frame.Ack ack) {
        if (from == link) {
            silences = 0;
            window.take(ack.ackId())
                    .ifPresent(delivery -> delivery.complete(
                            ack.refusal().map(outcomes::refused).orElseGet(SendResult::delivered)));
            pump(from);
        }
    }

    private void ackTimedOut(Delivery silent) {
        if (!window.remove(silent)) {
            return;
        }
        silent.complete(Outcomes.ackTimeout(node.config().times().ack()));
        node.metrics().add("ack-timeouts", 1);
        silences++;
        Link open = link;
        if (open != null && silences >= SILENCES_TO_DROP) {
            open.sayGoodbye(Goodbyes.SILENT, "no acknowledgements came");
            open.end(LinkEnd.passing("p2p.silent", "the peer acknowledged nothing"));
        } else if (open != null) {
            pump(open);
        }
    }

    void cancel(Delivery delivery) {
        if (waiting.remove(delivery)) {
            delivery.complete(Outcomes.cancelled(delivery.ackId() != 0));
        } else if (window.remove(delivery)) {
            delivery.complete(Outcomes.cancelled(true));
            proceed();
        }
    }

    private void waitedTooLong(Delivery delivery) {
        if (waiting.remove(delivery)) {
            delivery.complete(Outcomes.windowFull());
        }
    }

    void ended(Link over, LinkEnd end) {
        if (over != link) {
            return;
        }
        link = null;
        if (end.cause() == LinkEnd.Cause.REPLACED) {
            moveBack();
            Timer.after(node.loop(), TAKE_OVER, this::proceed);
            return;
        }
        backoff.lost();
        lastFailure = outcomes.ended(end, false);
        window.takeAll().forEach(delivery -> delivery.complete(outcomes.ended(end, true)));
        giveUpWaiting(lastFailure);
    }

    private void giveUpWaiting(SendResult outcome) {
        List<Delivery> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(delivery -> delivery.complete(outcome.withAmbiguous(outcome.ambiguous() || delivery.ackId() != 0)));
    }

    /** Ends every delivery; connections are the node's to close. */
    void close() {
        dialing.ifPresent(Dialing::abandon);
        window.takeAll()
                .forEach(
                        delivery -> delivery.complete(Outcomes.transportClosed().withAmbiguous(true)));
        giveUpWaiting(Outcomes.transportClosed());
    }
}
