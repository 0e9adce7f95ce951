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
    void whateverTheCableDoesEachMessageIsAppliedOnce() throws Exception {
        Optional<TwoNetworks> made = TwoNetworks.connected();
        assumeTrue(made.isPresent(), "needs root, network namespaces, ip and nft: a severed network is not tested");
        try (TwoNetworks networks = made.get()) {
            introduce();
            start(networks, End.BEN, "ben", "p2p", "listen");
            Process anna = start(networks, End.ANNA, "anna", "run");
            sendAndAwait();
            for (int round = 0; round < ROUNDS; round++) {
                severOneWay(networks, End.ANNA);
                severOneWay(networks, End.BEN);
                flap(networks);
                loseMuch(networks);
                anna.destroyForcibly().waitFor();
                send();
                anna = start(networks, End.ANNA, "anna", "run");
                awaitAll();
            }
            await().atMost(LONGEST_RECOVERY).until(() -> nodes.count("anna", "done") == sent);

            assertThat(nodes.keys("ben")).hasSize(sent).doesNotHaveDuplicates();
        }
    }

    /** Each knows where the other listens, and keeps connected: both dial, often at once. */
    private void introduce() throws Exception {
        String anna = nodes.id("anna");
        String ben = nodes.id("ben");
        nodes.p2p("anna", "add", "ben", ben, End.BEN.address() + ":7420");
        nodes.p2p("ben", "add", "anna", anna, End.ANNA.address() + ":7420");
    }

    private Process start(TwoNetworks networks, End end, String name, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        for (String setting : List.of(
                "listen=" + end.address() + ":7420",
                "ack-timeout=1s",
                "heartbeat=300ms",
                "silence=1s",
                "connect-timeout=2s",
                "handshake-timeout=5s")) {
            arguments.addAll(List.of("--set", "p2p." + setting));
        }
        return nodes.start(networks.at(end), name, arguments);
    }

    private void send() throws Exception {
        nodes.enqueue("anna", "ben", MESSAGES);
        sent += MESSAGES;
    }

    private void awaitAll() {
        await().atMost(LONGEST_RECOVERY)
                .until(() -> nodes.keys("ben").stream().distinct().count() == sent);
    }

    private void sendAndAwait() throws Exception {
        send();
        awaitAll();
    }

    /** Half a connection is none: what one end says is lost, be it the messages or what acknowledges them. */
    private void severOneWay(TwoNetworks networks, End unheard) throws Exception {
        networks.mute(unheard);
        int before = nodes.keys("ben").size();
        send();
        if (unheard == End.ANNA) {
            await().during(Duration.ofSeconds(1)).until(() -> nodes.keys("ben").size() == before);
        }
        networks.heal();
        awaitAll();
    }

    private void flap(TwoNetworks networks) throws Exception {
        for (int flap = 0; flap < FLAPS; flap++) {
            networks.unplug();
            if (flap == 1) {
                send();
            }
            networks.plug();
        }
        awaitAll();
    }

    private void loseMuch(TwoNetworks networks) throws Exception {
        networks.lose(End.ANNA, LOSS_PERCENT);
        networks.lose(End.BEN, LOSS_PERCENT);
        sendAndAwait();
        networks.heal();
    }
}
