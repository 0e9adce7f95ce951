package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.distribution.Bundle.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Machines that run the bundle and nothing else, played by processes with a data directory each. */
final class P2pNodes implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");
    private static final Pattern KEY = Pattern.compile("\"idempotency_key\":\"([^\"]+)\"");

    private final Path directory;
    private final Bundle bundle = Bundle.assembled();
    private final List<Process> processes = new ArrayList<>();

    P2pNodes(Path directory) {
        this.directory = directory;
    }

    String id(String node) throws Exception {
        Matcher id = ID.matcher(p2p(node, "id", "--json").out());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    /** Where a node says that it listens, once it does. */
    String address(String node) throws IOException {
        Path file = directory.resolve(node).resolve("transports/p2p/listening");
        await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
        return Files.readString(file).trim();
    }

    Result p2p(String node, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("p2p"));
        arguments.addAll(List.of(words));
        Result result = run(node, arguments.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result;
    }

    Result run(String node, String... arguments) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--data", directory.resolve(node).toString()));
        all.addAll(List.of(arguments));
        return bundle.run(all.toArray(String[]::new));
    }

    void enqueue(String node, String to, int count) throws Exception {
        enqueue(node, "p2p.message", to, count);
    }

    void enqueue(String node, String kind, String target, int count) throws Exception {
        String batch = IntStream.range(0, count)
                .mapToObj(i ->
                        "{\"kind\":\"" + kind + "\",\"target\":\"" + target + "\",\"payload\":\"message " + i + "\"}\n")
                .collect(Collectors.joining());
        Result result = bundle.run(
                Map.of(),
                batch,
                "enqueue",
                "--batch",
                "-",
                "--data",
                directory.resolve(node).toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    Process start(String node, List<String> arguments) throws IOException {
        return start(List.of(), node, arguments);
    }

    /** Starts a node by way of another command, such as one that enters a namespace. */
    Process start(List<String> by, String node, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(by);
        command.addAll(List.of(
                bundle.script().toString(),
                "--data",
                directory.resolve(node).toString(),
                "--set",
                "p2p.reconnect.min=50ms",
                "--set",
                "p2p.reconnect.max=300ms",
                "--set",
                "p2p.reconnect.blocked-probe=300ms"));
        command.addAll(arguments);
        return startProgram(node, command);
    }

    /** Starts a node that is another program. */
    Process startProgram(String node, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputOf(node).toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(node + ".err").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private Path outputOf(String node) {
        return directory.resolve(node + ".out");
    }

    String output(String node) throws IOException {
        return Files.readString(outputOf(node));
    }

    List<String> keys(String node) throws IOException {
        return KEY.matcher(output(node))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    /** How many operations in a node's outbox have this status. */
    long count(String node, String status) throws Exception {
        Matcher count = Pattern.compile("\"" + status + "\":(\\d+)")
                .matcher(run(node, "stats", "--json").out());
        return count.find() ? Long.parseLong(count.group(1)) : 0;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
