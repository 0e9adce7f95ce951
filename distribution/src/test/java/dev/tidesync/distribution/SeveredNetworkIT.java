package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidesync.distribution.TwoNetworks.End;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes of the bundle over a cable that fails in the ways that cables do. The receiver's own output is the judge:
 * each message is printed once.
 */
@Timeout(300)
class SeveredNetworkIT {
    /** More of them take minutes, so that is for longer runs. */
    private static final int ROUNDS = Integer.getInteger("network.rounds", 1);

    private static final int MESSAGES = 300;
    private static final Duration LONGEST_RECOVERY = Duration.ofSeconds(60);
    private static final int FLAPS = 3;
    private static final int LOSS_PERCENT = 30;

    @TempDir
    private Path directory = Path.of("");

    private P2pNodes nodes = new P2pNodes(directory);
    private int sent;

    @BeforeEach
    void useTheDirectory() {
        nodes = new P2pNodes(directory);
    }

    @AfterEach
    void killWhatIsLeft() {
        nodes.close();
    }

    @Test
    void whateverTheCableDoesAPeersMessagesAreAppliedOnceEach() throws Exception {
        applyEachOnce(new Peers());
    }

    @Test
    void whateverTheCableDoesWhatGoesOverWebSocketIsAppliedOnce() throws Exception {
        assumeTrue(ROUNDS > 1, "takes as long again, so only with -Dnetwork.rounds of 2 or more");
        applyEachOnce(new WebSocket());
    }

    /** Who sends what to whom. */
    private interface Pair {
        void introduce() throws Exception;

        void startBen(TwoNetworks networks) throws Exception;

        Process startAnna(TwoNetworks networks) throws Exception;

        void enqueue(int count) throws Exception;
    }

    private void applyEachOnce(Pair pair) throws Exception {
        Optional<TwoNetworks> made = TwoNetworks.connected();
        assumeTrue(made.isPresent(), "needs root, network namespaces, ip and nft: a severed network is not tested");
        try (TwoNetworks networks = made.get()) {
            pair.introduce();
            pair.startBen(networks);
            Process anna = pair.startAnna(networks);
            sendAndAwait(pair);
            for (int round = 0; round < ROUNDS; round++) {
                severOneWay(networks, pair, End.ANNA);
                severOneWay(networks, pair, End.BEN);
                flap(networks, pair);
                loseMuch(networks, pair);
                anna.destroyForcibly().waitFor();
                send(pair);
                anna = pair.startAnna(networks);
                awaitAll();
            }
            await().atMost(LONGEST_RECOVERY).until(() -> nodes.count("anna", "done") == sent);

            assertThat(nodes.keys("ben")).hasSize(sent).doesNotHaveDuplicates();
        }
    }

    /** Each knows where the other listens, and keeps connected: both dial, often at once. */
    private final class Peers implements Pair {
        @Override
        public void introduce() throws Exception {
            String anna = nodes.id("anna");
            String ben = nodes.id("ben");
            nodes.p2p("anna", "add", "ben", ben, End.BEN.address() + ":7420");
            nodes.p2p("ben", "add", "anna", anna, End.ANNA.address() + ":7420");
        }

        @Override
        public void startBen(TwoNetworks networks) throws Exception {
            start(networks, End.BEN, "ben", "p2p", "listen");
        }

        @Override
        public Process startAnna(TwoNetworks networks) throws Exception {
            return start(networks, End.ANNA, "anna", "run");
        }

        private Process start(TwoNetworks networks, End end, String name, String... command) throws Exception {
            List<String> arguments = new ArrayList<>(List.of(command));
            arguments.addAll(set(
                    "p2p.listen=" + end.address() + ":7420",
                    "p2p.ack-timeout=1s",
                    "p2p.heartbeat=300ms",
                    "p2p.silence=1s",
                    "p2p.connect-timeout=2s",
                    "p2p.handshake-timeout=5s"));
            return nodes.start(networks.at(end), name, arguments);
        }

        @Override
        public void enqueue(int count) throws Exception {
            nodes.enqueue("anna", "ben", count);
        }
    }

    /** Ben is a program of a few lines around a WsReceiver. */
    private final class WebSocket implements Pair {
        @Override
        public void introduce() {}

        @Override
        public void startBen(TwoNetworks networks) throws Exception {
            Path home = Bundle.assembled().home();
            List<String> command = new ArrayList<>(networks.at(End.BEN));
            command.addAll(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    home.resolve("lib") + "/*:" + home.resolve("plugins/ws") + "/*",
                    Path.of("src", "test", "resources", "receiver", "Receive.java")
                            .toAbsolutePath()
                            .toString(),
                    directory.resolve("ben").toString(),
                    End.BEN.address()));
            nodes.startProgram("ben", command);
        }

        @Override
        public Process startAnna(TwoNetworks networks) throws Exception {
            List<String> arguments = new ArrayList<>(List.of("run"));
            arguments.addAll(set(
                    "ws.allow-cleartext=true",
                    "ws.auth.type=bearer",
                    "ws.auth.token=secret",
                    "ws.auth.hosts=" + End.BEN.address(),
                    "ws.ack-timeout=1s",
                    "ws.heartbeat=1s",
                    "ws.connect-timeout=2s",
                    "ws.reconnect.max=300ms",
                    "ws.reconnect.min=50ms"));
            return nodes.start(networks.at(End.ANNA), "anna", arguments);
        }

        @Override
        public void enqueue(int count) throws Exception {
            nodes.enqueue("anna", "ws.send", "ws://" + End.BEN.address() + ":8090/", count);
        }
    }

    private static List<String> set(String... settings) {
        return Stream.of(settings)
                .flatMap(setting -> Stream.of("--set", setting))
                .toList();
    }

    private void send(Pair pair) throws Exception {
        pair.enqueue(MESSAGES);
        sent += MESSAGES;
    }

    private void awaitAll() {
        await().atMost(LONGEST_RECOVERY)
                .until(() -> nodes.keys("ben").stream().distinct().count() == sent);
    }

    private void sendAndAwait(Pair pair) throws Exception {
        send(pair);
        awaitAll();
    }

    /** Half a connection is none: what one end says is lost, be it the messages or what acknowledges them. */
    private void severOneWay(TwoNetworks networks, Pair pair, End unheard) throws Exception {
        networks.mute(unheard);
        int before = nodes.keys("ben").size();
        send(pair);
        if (unheard == End.ANNA) {
            await().during(Duration.ofSeconds(1)).until(() -> nodes.keys("ben").size() == before);
        }
        networks.heal();
        awaitAll();
    }

    private void flap(TwoNetworks networks, Pair pair) throws Exception {
        for (int flap = 0; flap < FLAPS; flap++) {
            networks.unplug();
            if (flap == 1) {
                send(pair);
            }
            networks.plug();
        }
        awaitAll();
    }

    private void loseMuch(TwoNetworks networks, Pair pair) throws Exception {
        networks.lose(End.ANNA, LOSS_PERCENT);
        networks.lose(End.BEN, LOSS_PERCENT);
        sendAndAwait(pair);
        networks.heal();
    }
}
