package dev.tidesync.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.cli.CommandRig.Result;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunIT {
    private static final String FAKE = "--set=transports.fake.kinds=http.";

    @TempDir
    Path directory;

    private CommandRig tidesync;

    @BeforeEach
    void useAFreshDirectory() {
        tidesync = new CommandRig(directory);
    }

    @Test
    void untilEmptyEndsWithZeroWhenAllIsDone() {
        tidesync.enqueue("http.post", "/a");
        tidesync.enqueue("http.post", "/b");

        Result result = tidesync.run("run", "--until-empty", FAKE);

        assertThat(result.exitCode()).isZero();
        assertThat(result.lines()).last().isEqualTo("2 delivered, 0 waiting, 0 in flight, 0 failed for good");
    }

    @Test
    void metricsAreServedIfAskedFor() {
        tidesync.enqueue("http.post", "/a");

        Result result = tidesync.run("run", "--until-empty", FAKE, "--set", "metrics.port=0");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).containsPattern("metrics at http://127.0.0.1:[1-9][0-9]*/metrics");
    }

    @Test
    void metricsPortThatIsTakenEndsTheRunWithASentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Result result = tidesync.run("run", "--until-empty", FAKE, "--set", "metrics.port=" + taken.getLocalPort());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("metrics cannot be served at port " + taken.getLocalPort());
        }
    }

    @Test
    void untilEmptyEndsWithThreeIfAnythingFailedForGood() {
        tidesync.run("cancel", tidesync.enqueue("http.post", "/a"));

        assertThat(tidesync.run("run", "--until-empty", FAKE).exitCode()).isEqualTo(3);
    }

    @Test
    void onceTheDeadLettersAreForgottenUntilEmptyEndsWithZeroAgain() {
        tidesync.run("cancel", tidesync.enqueue("http.post", "/a"));
        assertThat(tidesync.run("run", "--until-empty", FAKE).exitCode()).isEqualTo(3);

        tidesync.run("prune", "--older-than", "0s", "--status", "dead-letter");

        assertThat(tidesync.run("run", "--until-empty", FAKE).exitCode()).isZero();
    }

    @Test
    void untilEmptyDoesNotCallAnOutboxDoneWhoseLogIsDamaged() throws IOException {
        tidesync.enqueue("http.post", "/kept");
        tidesync.enqueue("http.post", "/lost-to-the-disk");
        tidesync.enqueue("http.post", "/kept-too");
        damageTheRecordThatHolds("/lost-to-the-disk");

        Result result = tidesync.run("run", "--until-empty", FAKE);

        assertThat(result.lines()).last().isEqualTo("2 delivered, 0 waiting, 0 in flight, 0 failed for good");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("operations may be missing: outbox-00000", ".log is damaged at offset", "new data directory");
    }

    private void damageTheRecordThatHolds(String text) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                String bytes = Files.readString(log, ISO_8859_1);
                Files.writeString(log, bytes.replace(text, "?" + text.substring(1)), ISO_8859_1);
            }
        }
    }

    @Test
    void untilEmptyEndsWithFourIfWhatIsLeftHasNoTransport() {
        tidesync.enqueue("http.post", "/a", "--ordering-key", "lane");
        String stuck = tidesync.enqueue("mqtt.publish", "topic", "--ordering-key", "lane");
        tidesync.enqueue("http.post", "/behind", "--ordering-key", "lane");

        Result result = tidesync.run("run", "--until-empty", FAKE);

        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.lines()).last().isEqualTo("1 delivered, 2 waiting, 0 in flight, 0 failed for good");
        assertThat(tidesync.run("show", stuck).out())
                .contains("no transport serves kind 'mqtt.publish'; loaded prefixes: http.;");
    }

    @Test
    void untilEmptyEndsWithFiveIfTheTimeIsOverFirst() {
        tidesync.enqueue("http.post", "/later", "--delay", "1h");

        assertThat(tidesync.run("run", "--until-empty", "--for", "200ms", FAKE).exitCode())
                .isEqualTo(5);
        assertThat(tidesync.run("run", "--for", "100ms", FAKE).exitCode()).isZero();
    }

    @Test
    void withJsonProgressIsObjects() {
        tidesync.enqueue("http.post", "/a");

        assertThat(tidesync.run("run", "--until-empty", "--json", FAKE).lines())
                .last()
                .asString()
                .contains("\"done\":1", "\"total\":1");
    }

    @Test
    void whileAnApplicationHoldsTheOutboxEveryCommandReachesIt() {
        SyncConfiguration configuration = SyncConfiguration.of(Map.of(
                "engine.control-socket", "true", "outbox.holder", "billing service", "transports.fake.kinds", "http."));
        try (SyncEngine engine = SyncEngine.open(directory, configuration)) {
            String id = tidesync.enqueue("mqtt.publish", "topic", "--payload", "x");
            assertThat(engine.outbox().store().get(id)).isPresent();

            assertThat(tidesync.run("show", id, "--json").onlyLine()).contains(id);
            assertThat(tidesync.run("list", "--json").onlyLine()).contains(id);
            assertThat(tidesync.run("cancel", id).exitCode()).isZero();
            assertThat(tidesync.run("retry", id).exitCode()).isZero();
            assertThat(tidesync.run("stats", "--json").onlyLine()).contains("\"pending\":1");
            tidesync.run("cancel", id);
            assertThat(tidesync.run("retry", "--all-failed").onlyLine()).isEqualTo("1 will be sent again");
            tidesync.run("cancel", id);
            assertThat(tidesync.run("prune", "--older-than", "7d", "--status", "all")
                            .onlyLine())
                    .isEqualTo("0 forgotten: 0 delivered, 0 failed for good");
            assertThat(tidesync.run("prune", "--older-than", "0s", "--status", "all")
                            .onlyLine())
                    .isEqualTo("1 forgotten: 0 delivered, 1 failed for good");
            assertThat(engine.outbox().store().get(id)).isEmpty();

            Result second = tidesync.run("run");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.err())
                    .contains("is in use by process", "billing service", "stop it, or use another directory");
        }
    }

    @Test
    void aStartedApplicationDeliversWhatACommandEnqueues() {
        SyncConfiguration configuration =
                SyncConfiguration.of(Map.of("engine.control-socket", "true", "transports.fake.kinds", "http."));
        try (SyncEngine engine = SyncEngine.open(directory, configuration)) {
            engine.start();

            String id = tidesync.enqueue("http.post", "/a");

            await().until(() -> engine.outbox().store().get(id).orElseThrow().isDone());
            assertThat(tidesync.run("cancel", id).err()).contains(id).contains("DONE");
        }
    }
}
