package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerBook;
import dev.tidesync.transport.p2p.wire.BadFrameException;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Parcel;
import dev.tidesync.transport.p2p.wire.Refusals;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an operation that came through others: one for this node goes into the inbox under the id of whoever
 * sealed it, one for somebody else into the outbox, if whoever hands it in may do that. Either is acknowledged once it
 * is on disk.
 *
 * <p><b>Threads:</b> signatures are checked and the outbox is asked on a thread of its own, in the order of arrival;
 * {@link #take} is safe for use by many.
 */
final class Relay implements AutoCloseable {
    /** How many nodes may have handed an operation on, its origin among them. */
    private static final int MOST_HOPS = 3;

    private static final long IDLE_SECONDS = 10;
    private static final Logger log = LoggerFactory.getLogger(Relay.class);

    private final Node node;
    private final Optional<Custody> custody;
    private final Optional<Enqueuer> outbox;
    private final InstantSource clock;
    private final RareLog rareLog;
    private final ExecutorService thread;

    Relay(Node node, Optional<Enqueuer> outbox, InstantSource clock, String threadName) {
        this.node = node;
        this.outbox = outbox;
        this.custody = outbox.map(kept -> new Custody(kept, node.config().relay(), node::nanoTime));
        this.clock = clock;
        this.rareLog = new RareLog(log, node::nanoTime);
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread daemon = new Thread(task, threadName);
                    daemon.setDaemon(true);
                    return daemon;
                });
        one.allowCoreThreadTimeOut(true);
        this.thread = one;
    }

    /** Takes a carrier in; the answer says why not, or is empty once it is on disk. */
    CompletionStage<Optional<Frame.Refusal>> take(NodeId from, Operation carrier) throws RefusedException {
        try {
            return CompletableFuture.supplyAsync(() -> judge(from, carrier), thread)
                    .thenCompose(Function.identity());
        } catch (RejectedExecutionException closed) {
            throw new RefusedException(Refusals.SESSION_TERMINATING, "the node is closing");
        }
    }

    private CompletionStage<Optional<Frame.Refusal>> judge(NodeId from, Operation carrier) {
        try {
            Parcel parcel = Parcel.open(carrier.payload());
            requireTime(parcel.operation());
            return parcel.to().equals(node.id()) ? arrived(parcel) : passOn(from, carrier, parcel);
        } catch (RefusedException refused) {
            return CompletableFuture.completedFuture(Optional.of(refused.refusal()));
        } catch (BadFrameException | IllegalArgumentException malformed) {
            rareLog.warn("peer " + from + " passed on what cannot be taken: " + malformed.getMessage());
            return CompletableFuture.completedFuture(Optional.of(
                    new RefusedException(Refusals.NOT_ACCEPTABLE, String.valueOf(malformed.getMessage())).refusal()));
        }
    }

    private void requireTime(Operation operation) throws RefusedException {
        if (operation.expiresAtMs() != 0 && operation.expiresAtMs() <= clock.millis()) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "the operation has expired on its way");
        }
    }

    private CompletionStage<Optional<Frame.Refusal>> arrived(Parcel parcel) throws RefusedException {
        if (!book().current().allows(parcel.origin())) {
            rareLog.warn("an operation of " + parcel.origin() + " came through others, but that node is not allowed"
                    + " here; to take it, run: tidesync p2p add NAME " + parcel.origin());
            throw new RefusedException(
                    Refusals.NO_RESOURCES,
                    "the addressee does not know its origin " + parcel.origin(),
                    node.config().reconnect().blockedProbe());
        }
        if (parcel.operation().kind().equals(Relaying.KIND)) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "a parcel within a parcel");
        }
        return Reception.intoInbox(node, parcel.origin(), parcel.operation());
    }

    private CompletionStage<Optional<Frame.Refusal>> passOn(NodeId from, Operation carrier, Parcel parcel)
            throws RefusedException {
        requirePermission(from, parcel.to());
        List<NodeId> path = new ArrayList<>(Relaying.path(carrier));
        path.add(from);
        requireNewGround(path);
        custody.orElseThrow(Relay::passesNothingOn).admit(from, carrier.payloadSize());
        node.metrics().add("operations-to-pass-on", 1);
        return outbox.orElseThrow(Relay::passesNothingOn)
                .enqueue(Relaying.carrying(parcel, path, keepUntilMs(parcel.operation())))
                .thenApply(Relay::kept);
    }

    private static RefusedException passesNothingOn() {
        return new RefusedException(Refusals.NOT_ACCEPTABLE, "this node passes nothing on");
    }

    private void requirePermission(NodeId from, NodeId to) throws RefusedException {
        if (book().current().find(from.text()).filter(Peer::relayedFor).isEmpty()) {
            throw new RefusedException(
                    Refusals.NOT_ACCEPTABLE,
                    "this node passes nothing on for you; there, run: tidesync p2p relay " + from + " on");
        }
        if (!book().current().allows(to)) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "this node does not know the addressee " + to);
        }
    }

    private void requireNewGround(List<NodeId> path) throws RefusedException {
        if (path.contains(node.id())) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "the operation has passed through here before");
        }
        if (path.size() > MOST_HOPS) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "it has passed through " + MOST_HOPS + " nodes");
        }
    }

    private long keepUntilMs(Operation operation) {
        long longestMs = clock.millis() + node.config().relay().keep().toMillis();
        return operation.expiresAtMs() == 0 ? longestMs : Math.min(operation.expiresAtMs(), longestMs);
    }

    /** One that is kept already may have been given up meanwhile; whoever still has it must not count on this node. */
    private static Optional<Frame.Refusal> kept(Operation kept) {
        return kept.isPermanentFailed()
                ? Optional.of(new RefusedException(
                                Refusals.NOT_ACCEPTABLE, "it was given up here: " + Words.of(kept.lastError()))
                        .refusal())
                : Optional.empty();
    }

    private PeerBook book() {
        return node.book();
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
