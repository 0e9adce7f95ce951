package dev.tidesync.transport.p2p.peers;

import dev.tidesync.transport.p2p.identity.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All peers at one moment. As text, one line a peer:
 *
 * <pre>
 * allowed laptop 3q2-7wAB… 192.168.1.5:7420 10.0.0.3:7420
 * allowed phone 7Yq1mNoP… via=3q2-7wAB… relayed-for=yes
 * pending peer-9xYzAbCd 9xYzAbCd… 192.168.1.9:53112
 * </pre>
 */
public record Peers(List<Peer> all) {
    /** Nobody. */
    public static final Peers NONE = new Peers(List.of());

    private static final String HEAD = """
            # Whom this node talks to. Change it with: tidesync p2p add | accept | remove
            # state name id [via=id…] [relayed-for=yes] address…
            """;

    private static final String VIA = "via=";
    private static final String RELAYED_FOR = "relayed-for=yes";

    /** Enough for a person to look through; the oldest goes when one more knocks. */
    private static final int MAX_PENDING = 50;

    /** All of them. */
    public Peers {
        all = List.copyOf(all);
    }

    /** The one with this name or id, if there is one. */
    public Optional<Peer> find(String nameOrId) {
        return all.stream().filter(peer -> peer.answersTo(nameOrId)).findFirst();
    }

    /** Whether a person has allowed this node. */
    public boolean allows(NodeId id) {
        return find(id.text()).filter(Peer::allowed).isPresent();
    }

    /** These and one more; one with the same id is replaced. */
    Peers with(Peer added) {
        find(added.name()).filter(other -> !other.id().equals(added.id())).ifPresent(other -> {
            throw new IllegalArgumentException(
                    "the name '" + added.name() + "' belongs to " + other.id() + "; choose another");
        });
        List<Peer> others = without(added.id());
        long pending = others.stream().filter(peer -> !peer.allowed()).count();
        if (!added.allowed() && pending >= MAX_PENDING) {
            others.stream().filter(peer -> !peer.allowed()).findFirst().ifPresent(others::remove);
        }
        others.add(added);
        return new Peers(others);
    }

    /** These without the one that has this id. */
    List<Peer> without(NodeId id) {
        return all.stream().filter(peer -> !peer.id().equals(id)).collect(Collectors.toCollection(ArrayList::new));
    }

    String text() {
        return HEAD
                + all.stream()
                        .map(Peers::words)
                        .map(words -> String.join(" ", words) + "\n")
                        .collect(Collectors.joining());
    }

    private static List<String> words(Peer peer) {
        List<String> words = new ArrayList<>(List.of(
                peer.state().name().toLowerCase(Locale.ROOT),
                peer.name(),
                peer.id().text()));
        peer.via().forEach(relay -> words.add(VIA + relay));
        if (peer.relayedFor()) {
            words.add(RELAYED_FOR);
        }
        peer.addresses().forEach(address -> words.add(address.toString()));
        return words;
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if a line cannot be read; names it
     */
    static Peers parse(String text) {
        Peers peers = NONE;
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                try {
                    peers = peers.with(peer(line.trim().split("\\s+")));
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException("line " + number + ": " + wrong.getMessage(), wrong);
                }
            }
        }
        return peers;
    }

    private static Peer peer(String[] words) {
        if (words.length < 3) {
            throw new IllegalArgumentException(
                    "expected 'state name id address…' but found " + words.length + " words");
        }
        List<NodeId> via = new ArrayList<>();
        List<PeerAddress> addresses = new ArrayList<>();
        boolean relayedFor = false;
        for (String word : List.of(words).subList(3, words.length)) {
            if (word.startsWith(VIA)) {
                via.add(new NodeId(word.substring(VIA.length())));
            } else if (word.equals(RELAYED_FOR)) {
                relayedFor = true;
            } else {
                addresses.add(PeerAddress.parse(word));
            }
        }
        return new Peer(state(words[0]), words[1], new NodeId(words[2]), addresses, via, relayedFor);
    }

    private static Peer.State state(String word) {
        return switch (word) {
            case "allowed" -> Peer.State.ALLOWED;
            case "pending" -> Peer.State.PENDING;
            default -> throw new IllegalArgumentException("expected 'allowed' or 'pending' but was '" + word + "'");
        };
    }
}
