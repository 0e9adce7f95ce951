package dev.tidesync.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real HTTP server on Node's own stack, in a process of its own; says what it received. */
final class NodeReceiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int START_SECONDS = 30;

    private final Process process;
    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();
    private final int port;

    private NodeReceiver(Process process) throws InterruptedException {
        this.process = process;
        Thread reader = new Thread(this::read, "node-receiver");
        reader.setDaemon(true);
        reader.start();
        this.port = next(START_SECONDS)
                .orElseThrow(() -> new IllegalStateException("the receiver did not name its port"))
                .get("port")
                .intValue();
    }

    /** Whether there is a {@code node} on the PATH. */
    static boolean isPossible() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .map(directory -> Path.of(directory, "node"))
                .anyMatch(Files::isExecutable);
    }

    static NodeReceiver start(Path script) throws IOException, InterruptedException {
        return new NodeReceiver(new ProcessBuilder("node", script.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    String baseUrl() {
        return "http://127.0.0.1:" + port;
    }

    /** The next request it told of; empty if none comes in time. */
    Optional<JsonNode> next(int seconds) throws InterruptedException {
        return Optional.ofNullable(lines.poll(seconds, TimeUnit.SECONDS));
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(JSON.readTree(line));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
