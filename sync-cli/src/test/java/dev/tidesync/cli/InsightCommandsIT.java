package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidesync.api.Operation;
import dev.tidesync.cli.CommandRig.Result;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of a delivery: why something waits, where things go. */
class InsightCommandsIT {
    @TempDir
    Path data;

    private CommandRig tidesync;

    @BeforeEach
    void setUp() {
        tidesync = new CommandRig(data);
    }

    @Test
    void withoutAnEngineTheStoreAloneIsAsked() {
        String id = tidesync.enqueue("mqtt.publish", "/a");

        Result result = tidesync.run("explain", id);

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("mqtt.publish to /a is PENDING", "waits: no engine delivers", "tidesync run");
    }

    @Test
    void anEngineThatRunsIsAsked() {
        try (SyncEngine engine = openEngine()) {
            engine.start();
            String id = engine.enqueue(Operation.of("mqtt.publish", "/a", "x"));

            Result result = tidesync.run("explain", id);

            assertThat(result.out()).contains("waits: no transport serves kind 'mqtt.publish'");
            assertThat(result.out()).doesNotContain("no engine delivers");
        }
    }

    @Test
    void whatIsHeldKeepsTheReasonInItsHistory() {
        String id;
        try (SyncEngine engine = openEngine()) {
            id = engine.enqueue(Operation.of("mqtt.publish", "/a", "x"));
            engine.start();
            Awaitility.await()
                    .until(() -> !engine.outbox()
                            .store()
                            .get(id)
                            .orElseThrow()
                            .lastError()
                            .isEmpty());
        }

        assertThat(tidesync.run("explain", id).out()).containsPattern("HELD +no transport serves kind 'mqtt.publish'");
    }

    @Test
    void programsReadTheExplanationAsJson() throws Exception {
        String first = tidesync.enqueue("http.post", "/a", "--ordering-key", "lane");
        String second = tidesync.enqueue("http.post", "/a", "--ordering-key", "lane");

        JsonNode json = new ObjectMapper()
                .readTree(tidesync.run("explain", second, "--json").onlyLine());

        assertThat(json.path("id").asText()).isEqualTo(second);
        assertThat(json.path("lane_head").asText()).isEqualTo(first);
        assertThat(json.path("ahead_in_lane").asInt()).isEqualTo(1);
        assertThat(json.path("reasons").findValuesAsText("cause")).contains("LANE");
        assertThat(json.path("operation").path("payload").asText()).isEmpty();
    }

    @Test
    void anUnknownIdIsRefused() {
        Result result = tidesync.run("explain", "unknown");

        assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(result.err()).contains("no operation 'unknown'", "tidesync list");
    }

    @Test
    void destinationsSaySoIfNoEngineRuns() {
        Result result = tidesync.run("destinations");

        assertThat(result.exitCode()).isZero();
        assertThat(result.lines()).hasSize(1);
        assertThat(result.err()).contains("no engine delivers");
    }

    @Test
    void topShowsCountsOnce() {
        tidesync.enqueue("http.post", "/a");

        Result result = tidesync.run("top", "--once");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("no engine delivers", "PENDING 1", "DESTINATION");
        assertThat(result.out()).doesNotContain("\u001b");
    }

    @Test
    void topAsksTheEngineThatRuns() throws Exception {
        try (SyncEngine engine = openEngine()) {
            engine.start();

            JsonNode json = new ObjectMapper()
                    .readTree(tidesync.run("top", "--once", "--json").onlyLine());

            assertThat(json.path("engine").path("running").asBoolean()).isTrue();
            assertThat(json.path("total").asLong()).isZero();
        }
    }

    private SyncEngine openEngine() {
        return SyncEngine.open(data, SyncConfiguration.defaults().with("engine.control-socket", "true"));
    }
}
