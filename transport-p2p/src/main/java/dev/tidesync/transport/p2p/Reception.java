package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.wire.Frame;
import dev.tidesync.transport.p2p.wire.Refusals;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations that arrive on one connection, on their way into the inbox or, for others, the outbox; each is
 * acknowledged once it is on disk. While as many are on the way as the hello allowed, nothing more is read. Confined to
 * the loop.
 */
final class Reception {
    private static final Logger log = LoggerFactory.getLogger(Reception.class);
    /** Peers hand in messages; what an application does for other kinds is not for them to start. */
    private static final String KINDS = "p2p.";

    /** Further outcomes may come, and are taken for passing. */
    private static final Set<InboxResult.Outcome> FINAL =
            EnumSet.of(InboxResult.Outcome.CONFLICT, InboxResult.Outcome.TOO_OLD, InboxResult.Outcome.INVALID);

    private static final Duration DISK_PAUSE = Duration.ofSeconds(5);

    private final Link link;
    private final Node node;
    private int operations;
    private long bytes;
    private boolean paused;

    Reception(Link link, Node node) {
        this.link = link;
        this.node = node;
    }

    boolean isPaused() {
        return paused;
    }

    void received(Frame.Op op, int sizeBytes) {
        operations++;
        bytes += sizeBytes;
        paceReading();
        CompletionStage<Optional<Frame.Refusal>> stored;
        try {
            stored = handIn(op.operation());
        } catch (RefusedException refused) {
            settle(op, sizeBytes, Optional.of(refused.refusal()));
            return;
        }
        stored.whenComplete((refusal, failure) ->
                onTheLoop(() -> settle(op, sizeBytes, failure == null ? refusal : notStored(failure))));
    }

    private void onTheLoop(Runnable task) {
        try {
            link.loop().execute(task);
        } catch (RejectedExecutionException closed) {
            log.debug("an operation was stored after the node was closed; its sender will send it again", closed);
        }
    }

    private CompletionStage<Optional<Frame.Refusal>> handIn(Operation operation) throws RefusedException {
        return operation.kind().equals(Relaying.KIND)
                ? node.relay().take(link.peer(), operation)
                : intoInbox(node, link.peer(), operation);
    }

    /** Hands an operation to the inbox; the answer says why it is not taken, or is empty once it is on disk. */
    static CompletionStage<Optional<Frame.Refusal>> intoInbox(Node node, NodeId origin, Operation operation)
            throws RefusedException {
        if (!operation.kind().startsWith(KINDS)) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, "peers may send kinds that begin with " + KINDS);
        }
        Inbox inbox =
                node.inbox().orElseThrow(() -> new RefusedException(Refusals.NO_RESOURCES, "this node keeps no inbox"));
        try {
            return inbox.accept(origin.text(), operation).thenApply(Reception::answer);
        } catch (IllegalArgumentException malformed) {
            throw new RefusedException(Refusals.NOT_ACCEPTABLE, String.valueOf(malformed.getMessage()));
        }
    }

    private static Optional<Frame.Refusal> notStored(Throwable failure) {
        log.error("an operation could not be kept; its sender is told to come again", failure);
        return refusal(Refusals.NO_RESOURCES, "the receiver could not store it", DISK_PAUSE);
    }

    private static Optional<Frame.Refusal> answer(InboxResult result) {
        if (result.acknowledged()) {
            boolean first = result.outcome() != InboxResult.Outcome.DUPLICATE;
            return first ? Optional.empty() : refusal(Refusals.COMPLETED, "", Duration.ZERO);
        }
        return FINAL.contains(result.outcome())
                ? refusal(Refusals.NOT_ACCEPTABLE, result.reason(), Duration.ZERO)
                : refusal(Refusals.NO_RESOURCES, result.reason(), result.retryAfter());
    }

    private static Optional<Frame.Refusal> refusal(String name, String message, Duration retryAfter) {
        return Optional.of(new Frame.Refusal(name, message, retryAfter));
    }

    private void settle(Frame.Op op, int sizeBytes, Optional<Frame.Refusal> refusal) {
        operations--;
        bytes -= sizeBytes;
        node.metrics().add(refusal.isEmpty() ? "operations-taken" : "operations-not-taken", 1);
        link.send(new Frame.Ack(op.ackId(), refusal));
        paceReading();
    }

    private void paceReading() {
        P2pConfig.Sizes sizes = node.config().sizes();
        boolean full = operations >= sizes.windowOperations() || bytes >= sizes.windowBytes();
        if (full != paused) {
            paused = full;
            link.listen(!full);
        }
    }
}
