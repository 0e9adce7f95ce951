package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Anna and Ben are never there at the same time; Carol comes, goes and is killed. {@code -Drelay.messages=N} and
 * {@code -Drelay.kills=N} make it longer, {@code -Dtidesync.seed=N} repeats a run's choices.
 */
@Timeout(300)
class P2pRelayIT {
    private static final int MESSAGES = Integer.getInteger("relay.messages", 300);
    private static final int KILLS = Integer.getInteger("relay.kills", 1);
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    private final long seed = Long.getLong("tidesync.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private P2pNodes nodes = new P2pNodes(directory);
    private String carolsAddress = "127.0.0.1:0";

    @BeforeEach
    void begin() {
        nodes = new P2pNodes(directory);
    }

    @AfterEach
    void killWhatIsLeft() {
        nodes.close();
    }

    @Test
    void everyMessageArrivesOnceThoughTheTwoNeverMeetAndTheRelayIsKilled() throws Exception {
        String anna = nodes.id("anna");
        String ben = nodes.id("ben");
        String carol = nodes.id("carol");
        Process relay = nodes.start("carol", List.of("run"));
        carolsAddress = nodes.address("carol");
        nodes.p2p("anna", "add", "carol", carol, carolsAddress);
        nodes.p2p("anna", "add", "ben", ben, "--via", "carol");
        nodes.p2p("carol", "add", "anna", anna);
        nodes.p2p("carol", "relay", "anna", "on");
        nodes.p2p("carol", "add", "ben", ben);
        nodes.p2p("ben", "add", "carol", carol, carolsAddress);
        nodes.p2p("ben", "add", "anna", anna);

        nodes.enqueue("anna", "ben", MESSAGES);
        Process origin = nodes.start("anna", List.of("run"));
        for (int kill = 0; kill < KILLS; kill++) {
            awaitCount("anna", "done", 1 + random.nextInt(MESSAGES));
            relay = killAndStartAgain(relay);
        }
        awaitCount("anna", "done", MESSAGES);
        origin.destroyForcibly().waitFor();

        Process addressee = nodes.start("ben", List.of("p2p", "listen"));
        for (int kill = 0; kill < KILLS; kill++) {
            int until = 1 + random.nextInt(MESSAGES);
            await().atMost(LONG)
                    .until(() -> nodes.keys("ben").stream().distinct().count() >= until);
            relay = killAndStartAgain(relay);
        }
        await().atMost(LONG).until(() -> nodes.keys("ben").stream().distinct().count() == MESSAGES);
        awaitCount("carol", "done", MESSAGES);

        assertThat(addressee.isAlive()).isTrue();
        assertThat(nodes.keys("ben")).as("-Dtidesync.seed=" + seed).hasSize(MESSAGES);
        assertThat(nodes.output("ben")).contains("\"origin\":\"" + anna + "\"").doesNotContain(carol);
    }

    private Process killAndStartAgain(Process relay) throws Exception {
        relay.destroyForcibly().waitFor();
        return nodes.start("carol", List.of("run", "--set", "p2p.listen=" + carolsAddress));
    }

    private void awaitCount(String node, String status, int least) {
        await().atMost(LONG)
                .pollInterval(Duration.ofSeconds(1)) // each look is a process
                .until(() -> nodes.count(node, status) >= least);
    }
}
