package dev.tidesync.transport.p2p.peers;

import dev.tidesync.transport.p2p.identity.NodeId;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One node that this one knows of.
 *
 * @param state what a person has decided
 * @param name what it is called here
 * @param id who it is
 * @param addresses where it may be reached; for a pending one, where it knocked from
 * @param via who passes operations on to it when it cannot be reached, in the order to ask them
 * @param relayedFor whether this node passes operations on that it hands in for others
 */
public record Peer(
        State state, String name, NodeId id, List<PeerAddress> addresses, List<NodeId> via, boolean relayedFor) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,41}");
    private static final int ID_PART = 8;

    /** What a person has decided about a peer. */
    public enum State {
        /** Operations go to it and are taken from it. */
        ALLOWED,
        /** It has connected, and nobody has said a word about it. */
        PENDING
    }

    /**
     * A peer.
     *
     * @throws IllegalArgumentException if the name has another shape
     */
    public Peer {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a peer's name is 1 to 42 of A-Z, a-z, 0-9, '.', '_' and '-', was: '" + name + "'");
        }
        addresses = List.copyOf(addresses);
        via = List.copyOf(via);
    }

    /** One that is reached straight or not at all, and that nothing is passed on for. */
    public Peer(State state, String name, NodeId id, List<PeerAddress> addresses) {
        this(state, name, id, addresses, List.of(), false);
    }

    /** The same with others to ask when it cannot be reached. */
    public Peer withVia(List<NodeId> newVia) {
        return new Peer(state, name, id, addresses, newVia, relayedFor);
    }

    /** The same, with or without the right to hand in operations for others. */
    public Peer withRelayedFor(boolean allowed) {
        return new Peer(state, name, id, addresses, via, allowed);
    }

    /** A name for one that nobody has named: the beginning of its id. */
    public static String nameFrom(NodeId id) {
        return "peer-" + id.text().substring(0, ID_PART);
    }

    /** Whether a peer can be called so; an id is no name, since it is longer. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether operations go to it and are taken from it. */
    public boolean allowed() {
        return state == State.ALLOWED;
    }

    /** Whether a target means this peer. */
    boolean answersTo(String nameOrId) {
        return name.equals(nameOrId) || id.text().equals(nameOrId);
    }
}
