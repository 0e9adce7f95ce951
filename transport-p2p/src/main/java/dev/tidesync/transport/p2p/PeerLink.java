package dev.tidesync.transport.p2p;

import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a QR code tells of a node: {@code tidesync:<id>?addr=host:port&name=laptop}. A bare id is one too.
 *
 * @param id who it is
 * @param addresses where it says it can be reached
 */
record PeerLink(NodeId id, List<PeerAddress> addresses) {
    private static final String SCHEME = "tidesync:";
    private static final String ADDRESS = "addr=";

    static String text(NodeId id, Optional<PeerAddress> address, Optional<String> name) {
        List<String> facts = new ArrayList<>();
        address.ifPresent(at -> facts.add(ADDRESS + at));
        name.ifPresent(called -> facts.add("name=" + called));
        return SCHEME + id + (facts.isEmpty() ? "" : "?" + String.join("&", facts));
    }

    /**
     * Reads a link or an id.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static PeerLink parse(String text) {
        String rest = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        int query = rest.indexOf('?');
        NodeId id = NodeId.parse(query < 0 ? rest : rest.substring(0, query));
        List<PeerAddress> addresses = new ArrayList<>();
        for (String fact : query < 0 ? new String[0] : rest.substring(query + 1).split("&", -1)) {
            if (fact.startsWith(ADDRESS)) {
                addresses.add(PeerAddress.parse(fact.substring(ADDRESS.length())));
            }
        }
        return new PeerLink(id, addresses);
    }
}
