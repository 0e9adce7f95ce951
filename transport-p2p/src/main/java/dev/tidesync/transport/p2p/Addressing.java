package dev.tidesync.transport.p2p;

import dev.tidesync.api.Operation;
import dev.tidesync.transport.p2p.identity.Identity;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerBook;
import dev.tidesync.transport.p2p.peers.Peers;
import java.util.List;
import java.util.Optional;

/** Finds whom an operation is for, and who may pass it on if that one cannot be reached. Confined to the loop. */
final class Addressing {
    private static final String MESSAGE = "p2p.message";

    private final Identity self;
    private final PeerBook book;

    Addressing(Identity self, PeerBook book) {
        this.self = self;
        this.book = book;
    }

    Peer addressee(Operation operation) throws UnsendableException, UnknownPeerException {
        String name = nameOf(operation);
        Peer peer = book.current()
                .find(name)
                .orElseThrow(() -> new UnknownPeerException("no peer is called '" + name + "'; run: tidesync p2p add"));
        if (!peer.allowed()) {
            throw new UnknownPeerException(
                    "peer '" + name + "' waits to be allowed; run: tidesync p2p accept " + peer.id());
        }
        return peer;
    }

    private static String nameOf(Operation operation) throws UnsendableException {
        String kind = operation.kind();
        String target = operation.target();
        if (!kind.equals(MESSAGE) && !kind.equals(Relaying.KIND)) {
            throw new UnsendableException("p2p.kind", "expected kind " + MESSAGE + " but was '" + kind + "'");
        }
        String name = kind.equals(MESSAGE) ? target : Relaying.addressee(target);
        if (!Peer.isName(name) && !NodeId.isOne(name)) {
            throw new UnsendableException("p2p.target", "expected a peer's name or id but was '" + target + "'");
        }
        return name;
    }

    /**
     * Who may pass it on. Nobody for an operation of a lane: it would count as delivered, and the next one might then
     * arrive before it, straight.
     */
    Detour detour(Operation operation, Peer to) {
        if (!operation.orderingKey().isEmpty()) {
            return Detour.none();
        }
        boolean carried = operation.kind().equals(Relaying.KIND);
        List<NodeId> path = carried ? Relaying.path(operation) : List.of();
        Peers peers = book.current();
        List<Peer> relays = to.via().stream()
                .filter(id -> !id.equals(to.id()) && !path.contains(id))
                .map(id -> peers.find(id.text()).filter(Peer::allowed))
                .flatMap(Optional::stream)
                .toList();
        return new Detour(relays, () -> carried ? operation : Relaying.packed(self, to.id(), operation));
    }

    /** Nobody has allowed whom the operation is for; a person may do so yet. */
    static final class UnknownPeerException extends Exception {
        private static final long serialVersionUID = 1;

        UnknownPeerException(String message) {
            super(message);
        }
    }
}
