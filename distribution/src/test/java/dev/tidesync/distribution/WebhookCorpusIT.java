package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Takes 329 real webhooks through the bundle to a server that is not ours, and compares every byte. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WebhookCorpusIT {
    private static final Path LAUNCHER = Path.of(
            Objects.requireNonNull(System.getProperty("tidesync.bundle"), "tidesync.bundle: set by the build"),
            "bin",
            "tidesync");
    private static final Path CORPUS = Path.of("src/test/resources/webhooks/github-webhooks.ndjson");
    private static final Path RECEIVER = Path.of("src/test/resources/receiver/receiver.mjs");
    private static final int WEBHOOKS = 329;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @BeforeAll
    static void needsNode() {
        assumeTrue(NodeReceiver.isPossible(), "skipped: there is no 'node' on the PATH to run the receiver");
    }

    @Test
    void everyWebhookArrivesOnceByteForByte() throws Exception {
        try (NodeReceiver receiver = NodeReceiver.start(RECEIVER)) {
            List<String> ids = enqueueCorpus();
            int exit = tidesync("--set", "http.base-url=" + receiver.baseUrl(), "run", "--until-empty");

            assertThat(exit).as("exit code of run --until-empty").isZero();
            Map<String, JsonNode> requests = requestsByKey(receiver);
            assertThat(requests.keySet()).containsExactlyInAnyOrderElementsOf(ids);
            List<JsonNode> webhooks = corpus();
            for (int i = 0; i < WEBHOOKS; i++) {
                assertArrivedIntact(webhooks.get(i), requests.get(ids.get(i)));
            }
        }
    }

    private List<String> enqueueCorpus() throws Exception {
        Path output = directory.resolve("ids.txt");
        int exit = tidesync(ProcessBuilder.Redirect.to(output.toFile()), "enqueue", "--batch", CORPUS.toString());
        assertThat(exit).as("exit code of enqueue --batch").isZero();
        List<String> ids = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(ids).hasSize(WEBHOOKS).doesNotHaveDuplicates();
        return ids;
    }

    private static List<JsonNode> corpus() throws IOException {
        List<JsonNode> webhooks = new ArrayList<>();
        for (String line : Files.readAllLines(CORPUS, StandardCharsets.UTF_8)) {
            webhooks.add(JSON.readTree(line));
        }
        return webhooks;
    }

    /** All requests by idempotency key, which is sent as a quoted string. */
    private static Map<String, JsonNode> requestsByKey(NodeReceiver receiver) throws InterruptedException {
        Map<String, JsonNode> requests = new HashMap<>();
        for (Optional<JsonNode> next = receiver.next(1); next.isPresent(); next = receiver.next(1)) {
            String key = next.get().at("/headers/idempotency-key").asText();
            assertThat(key).as("idempotency key").startsWith("\"").endsWith("\"");
            assertThat(requests.put(key.substring(1, key.length() - 1), next.get()))
                    .as("a first request under the key %s", key)
                    .isNull();
        }
        return requests;
    }

    private static void assertArrivedIntact(JsonNode webhook, JsonNode request) {
        byte[] body = Base64.getDecoder().decode(request.get("body").asText());
        assertThat(request.get("method").asText()).isEqualTo("POST");
        assertThat(request.get("path")).isEqualTo(webhook.get("target"));
        assertThat(body).isEqualTo(webhook.get("payload").asText().getBytes(StandardCharsets.UTF_8));
        webhook.get("headers")
                .properties()
                .forEach(header -> assertThat(
                                request.get("headers").get(header.getKey().toLowerCase(Locale.ROOT)))
                        .as(header.getKey())
                        .isEqualTo(header.getValue()));
    }

    private int tidesync(String... arguments) throws Exception {
        return tidesync(ProcessBuilder.Redirect.INHERIT, arguments);
    }

    private int tidesync(ProcessBuilder.Redirect output, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(LAUNCHER.toString(), "--data", directory.resolve("data").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return process.waitFor();
    }
}
