package dev.tidesync.transport.p2p;

import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.PluginCommand;
import dev.tidesync.spi.TransportConfigException;
import dev.tidesync.transport.p2p.identity.KeyFile;
import dev.tidesync.transport.p2p.identity.NodeId;
import dev.tidesync.transport.p2p.peers.Peer;
import dev.tidesync.transport.p2p.peers.PeerAddress;
import dev.tidesync.transport.p2p.peers.PeerBook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code tidesync p2p}: who this node is, whom it talks to, and what arrives. */
public final class P2pCommand implements PluginCommand {
    private static final String USAGE = """
            tidesync p2p id                        who this node is, as text and as a QR code
            tidesync p2p peers                     whom it knows, and who waits to be let in
            tidesync p2p add NAME ID [ADDRESS…]    allow a peer; ADDRESS is host:port
            tidesync p2p add NAME LINK             the same, with the link that the QR code holds
            tidesync p2p add … --via PEER          when it cannot be reached, PEER keeps what is for it and passes it on
            tidesync p2p relay NAME|ID on|off      whether to do that for this peer
            tidesync p2p accept ID [NAME]          allow one that waits
            tidesync p2p remove NAME|ID            forget a peer; its connections end at once
            tidesync p2p listen                    run, and print what arrives as one JSON object a line
            """;

    @Override
    public String name() {
        return "p2p";
    }

    @Override
    public String pluginId() {
        return "p2p";
    }

    @Override
    public ConfigSpec configSpec() {
        return P2pSettings.SPEC;
    }

    @Override
    public int run(List<String> words, CommandContext context) throws Exception {
        P2pConfig config = config(context);
        String verb = words.isEmpty() ? "" : words.get(0);
        List<String> rest = words.isEmpty() ? List.of() : words.subList(1, words.size());
        switch (verb) {
            case "id" -> showId(config, context);
            case "peers" -> showPeers(config, context);
            case "add" -> add(config, context, rest);
            case "relay" -> relay(config, context, rest);
            case "accept" -> accept(config, context, rest);
            case "remove" -> remove(config, context, rest);
            case "listen" -> listen(config, context);
            default -> throw new IllegalArgumentException("what should p2p do? One of these:\n" + USAGE);
        }
        return 0;
    }

    private static P2pConfig config(CommandContext context) {
        try {
            return P2pConfig.from(context.settings(), context.dataDirectory());
        } catch (TransportConfigException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    private static void showId(P2pConfig config, CommandContext context) throws IOException {
        NodeId id = new KeyFile(config.keyFile()).loadOrCreate().id();
        Optional<PeerAddress> listening = ListeningFile.read(context.dataDirectory());
        String link = PeerLink.text(id, listening, config.name());
        if (context.json()) {
            JsonLine line = new JsonLine().put("id", id.text()).put("link", link);
            listening.ifPresent(at -> line.put("listening", at.toString()));
            context.out().println(line);
            return;
        }
        context.out().println(id);
        context.out().println();
        context.out().println("  to compare   " + id.grouped());
        context.out()
                .println(
                        "  listening    " + listening.map(PeerAddress::toString).orElse("not yet"));
        context.out().println("  link         " + link);
        context.out().println();
        context.out().print(QrCode.of(link));
    }

    private static void showPeers(P2pConfig config, CommandContext context) {
        for (Peer peer : new PeerBook(config.peersFile()).current().all()) {
            String state = peer.state().name().toLowerCase(Locale.ROOT);
            if (context.json()) {
                context.out()
                        .println(new JsonLine()
                                .put("state", state)
                                .put("name", peer.name())
                                .put("id", peer.id().text())
                                .put("addresses", addresses(peer))
                                .put("via", via(peer))
                                .put("relayed_for", String.valueOf(peer.relayedFor())));
            } else {
                context.out()
                        .println(Stream.of(
                                        state,
                                        peer.name(),
                                        peer.id().text(),
                                        addresses(peer),
                                        peer.via().isEmpty() ? "" : "via " + via(peer),
                                        peer.relayedFor() ? "relayed for" : "")
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining("  ")));
            }
        }
    }

    private static String addresses(Peer peer) {
        return peer.addresses().stream().map(PeerAddress::toString).collect(Collectors.joining(" "));
    }

    private static String via(Peer peer) {
        return peer.via().stream().map(NodeId::text).collect(Collectors.joining(" "));
    }

    private static void add(P2pConfig config, CommandContext context, List<String> words) throws IOException {
        if (words.size() < 2) {
            throw new IllegalArgumentException("expected: tidesync p2p add NAME ID [ADDRESS…] [--via PEER]…");
        }
        String name = words.get(0);
        PeerLink link = PeerLink.parse(words.get(1));
        List<PeerAddress> addresses = new ArrayList<>(link.addresses());
        List<NodeId> via = new ArrayList<>();
        for (Iterator<String> rest = words.subList(2, words.size()).iterator(); rest.hasNext(); ) {
            String word = rest.next();
            if (!word.equals("--via")) {
                addresses.add(PeerAddress.parse(word));
            } else if (rest.hasNext()) {
                via.add(known(config, rest.next()).id());
            } else {
                throw new IllegalArgumentException("--via needs the name or id of a peer");
            }
        }
        allow(config, context, name, link.id(), addresses);
        if (!via.isEmpty()) {
            new PeerBook(config.peersFile()).change(link.id().text(), peer -> peer.withVia(via));
        }
    }

    private static Peer known(P2pConfig config, String nameOrId) {
        return new PeerBook(config.peersFile())
                .current()
                .find(nameOrId)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no peer is called '" + nameOrId + "'; add it first, or see: tidesync p2p peers"));
    }

    private static void relay(P2pConfig config, CommandContext context, List<String> words) throws IOException {
        if (words.size() != 2 || !List.of("on", "off").contains(words.get(1))) {
            throw new IllegalArgumentException("expected: tidesync p2p relay NAME|ID on|off");
        }
        boolean on = words.get(1).equals("on");
        Peer changed = new PeerBook(config.peersFile()).change(words.get(0), peer -> peer.withRelayedFor(on));
        context.err()
                .println(
                        on
                                ? "what '" + changed.name() + "' hands in for others is kept and passed on"
                                : "nothing more is passed on for '" + changed.name() + "'");
    }

    private static void accept(P2pConfig config, CommandContext context, List<String> words) throws IOException {
        if (words.isEmpty() || words.size() > 2) {
            throw new IllegalArgumentException("expected: tidesync p2p accept ID [NAME]");
        }
        NodeId id = NodeId.parse(words.get(0));
        Peer waiting = new PeerBook(config.peersFile())
                .current()
                .find(id.text())
                .orElseThrow(() -> new IllegalArgumentException(
                        "nobody with this id has knocked; see: tidesync p2p peers, or use: tidesync p2p add"));
        allow(config, context, words.size() > 1 ? words.get(1) : waiting.name(), id, List.of());
    }

    private static void allow(
            P2pConfig config, CommandContext context, String name, NodeId id, List<PeerAddress> addresses)
            throws IOException {
        if (id.equals(new KeyFile(config.keyFile()).loadOrCreate().id())) {
            throw new IllegalArgumentException("this is the id of this node itself; give that of the other");
        }
        Peer allowed = new PeerBook(config.peersFile()).allow(name, id, addresses);
        context.err().println("peer '" + allowed.name() + "' is allowed; let the other side allow this node too");
    }

    private static void remove(P2pConfig config, CommandContext context, List<String> words) throws IOException {
        if (words.size() != 1) {
            throw new IllegalArgumentException("expected: tidesync p2p remove NAME|ID");
        }
        Peer gone = new PeerBook(config.peersFile()).remove(words.get(0));
        context.err().println("peer '" + gone.name() + "' is removed");
    }

    /** A key makes the engine's node listen. */
    private static void listen(P2pConfig config, CommandContext context) throws IOException, InterruptedException {
        new KeyFile(config.keyFile()).loadOrCreate();
        context.receive("p2p.", received -> {
            context.out().println(JsonLine.of(received));
            if (context.out().checkError()) {
                throw new IOException("what arrived could not be printed; it is kept for the next time");
            }
        });
    }
}
