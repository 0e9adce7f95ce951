package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers {@code p2p.message}: an operation counts as delivered when the peer says that its inbox has it on disk, or
 * another, who was named to pass it on, that it keeps it; and not before. What peers send goes into this engine's
 * inbox, and what they hand in for others into its outbox, as {@code p2p.relayed}.
 *
 * <p>Nothing runs until there is a use for it: the first send, or an open inbox on a node that has a key or was told
 * where to listen.
 *
 * <p><b>Threads:</b> safe for use by any number of threads. Results are completed on the node's loop, so what depends
 * on them must not block.
 */
final class P2pTransport implements ISyncTransport {
    private final P2pConfig config;
    private final TransportContext context;
    private final Outcomes outcomes;
    // guarded by this
    private @Nullable Node node;
    private boolean closed;

    P2pTransport(P2pConfig config, TransportContext context) {
        this.config = config;
        this.context = context;
        this.outcomes = new Outcomes(config.reconnect().blockedProbe());
        config.listening()
                .at()
                .filter(address -> isListenerWanted())
                .ifPresent(address -> context.inbox().ifPresent(inbox -> inbox.whenOpen(() -> listen(address))));
    }

    /** Whoever has no key and asked for nothing only sends other kinds, and needs no inbox. */
    private boolean isListenerWanted() {
        return config.listening().asked() || new KeyFile(config.keyFile()).exists();
    }

    private void listen(PeerAddress address) {
        try {
            ListeningFile.note(context.dataDirectory(), node().listen(address));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable.getMessage(), unreadable);
        }
    }

    /** The node, made on first use. */
    synchronized Node node() throws IOException {
        if (closed) {
            throw new IOException("the P2P transport was closed");
        }
        if (node == null) {
            node = new Node(config, new KeyFile(config.keyFile()).loadOrCreate(), context);
            node.keepConnected();
        }
        return node;
    }

    @Override
    public SendResult send(Operation operation) throws Exception {
        Delivery delivery = new Delivery(operation);
        start(delivery);
        try {
            return delivery.result().get();
        } catch (InterruptedException interrupted) {
            cancel(delivery);
            throw interrupted;
        } catch (ExecutionException bug) {
            throw new AssertionError("a delivery ends with a result", bug);
        }
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext sending) {
        Delivery delivery = new Delivery(operation);
        if (runningNode() == null) {
            sending.executor().execute(() -> start(delivery)); // making the node reads files
        } else {
            start(delivery);
        }
        sending.onCancel(() -> cancel(delivery));
        return delivery.result();
    }

    private void start(Delivery delivery) {
        try {
            Node running = node();
            running.loop().execute(() -> submit(running, delivery));
        } catch (RejectedExecutionException stopped) {
            delivery.complete(Outcomes.transportClosed());
        } catch (IOException noKey) {
            delivery.complete(
                    isClosed()
                            ? Outcomes.transportClosed()
                            : outcomes.ended(LinkEnd.blocked("p2p.key", String.valueOf(noKey.getMessage())), false));
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void submit(Node running, Delivery delivery) {
        if (running.isClosed()) {
            delivery.complete(Outcomes.transportClosed());
            return;
        }
        if (delivery.isCancelled()) { // while the node was being made
            delivery.complete(Outcomes.cancelled(false));
            return;
        }
        try {
            Peer addressee = running.addressing().addressee(delivery.operation());
            delivery.detour(
                    running.addressing().detour(delivery.operation(), addressee),
                    relay -> running.remote(relay.id()).submit(delivery));
            running.remote(addressee.id()).submit(delivery);
        } catch (UnsendableException unsendable) {
            delivery.complete(unsendable.result());
        } catch (Addressing.UnknownPeerException unknown) {
            delivery.complete(
                    outcomes.ended(LinkEnd.blocked("p2p.unknown-peer", String.valueOf(unknown.getMessage())), false));
        }
    }

    private void cancel(Delivery delivery) {
        delivery.cancel();
        Node running = runningNode();
        if (running == null) {
            delivery.complete(Outcomes.cancelled(false));
            return;
        }
        try {
            running.loop().execute(() -> running.cancel(delivery));
        } catch (RejectedExecutionException stopped) {
            delivery.complete(Outcomes.transportClosed());
        }
    }

    private synchronized @Nullable Node runningNode() {
        return node;
    }

    @Override
    public void close() {
        Node running;
        synchronized (this) {
            running = closed ? null : node;
            closed = true;
        }
        if (running != null) {
            running.close();
        }
    }
}
