package dev.tidesync.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.cli.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * {@code tidesync plugins check}: tries plugins in a process of their own, so that not even one that ends it does harm.
 */
@Command(
        name = "check",
        description = "Starts every plugin in a process of its own and shows what became of each; a dry run before"
                + " candidates are installed.",
        footer = {"", "Exit code: 1 if a plugin is broken or ends the process."})
final class PluginsCheckCommand implements Callable<Integer> {
    /** Each plugin has 30 seconds to start, so a process that goes on for longer hangs for another reason. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Option(
            names = "--folder",
            paramLabel = "F",
            description = "Candidates besides what is installed, laid out as plugins/ is; allow-list and lock do not"
                    + " concern them yet")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "there is no folder " + folder);
        }
        Path output = Files.createTempFile("tidesync-check", ".txt");
        try (ChildProcess child = ChildProcess.start(output, arguments())) {
            boolean ended = child.awaitEnd(PATIENCE);
            return report(Files.readAllLines(output), ended ? "ended with exit code " + child.exitCode() : "hung");
        } finally {
            Files.delete(output);
        }
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(tidesync().installation().asArguments());
        arguments.addAll(List.of("plugins", "try"));
        if (folder != null) {
            arguments.addAll(List.of("--folder", folder.toString()));
        }
        return arguments;
    }

    private int report(List<String> lines, String end) {
        List<ObjectNode> reports = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> others = new ArrayList<>();
        boolean complete = false;
        for (String line : lines) {
            JsonNode read = read(line);
            if (read.has(PluginsTryCommand.COMPLETE)) {
                complete = true;
            } else if (read.has(PluginsTryCommand.PROBLEM)) {
                problems.add(read.path(PluginsTryCommand.PROBLEM).asText());
            } else if (read instanceof ObjectNode report && report.has("state")) {
                reports.add(report);
            } else {
                others.add(line);
            }
        }
        if (!complete) {
            others.forEach(line -> tidesync().terminal().note(Terminal.visible(line)));
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the plugins could not all be tried: the process that tried them " + end
                            + "; what it said last is above");
        }
        return new PluginListing(reports, problems)
                .print(tidesync().terminal(), tidesync().json());
    }

    /** A line that is no JSON was printed by a plugin, or is a line of the log. */
    private static JsonNode read(String line) {
        try {
            return line.startsWith("{") ? JSON.readTree(line) : JSON.nullNode();
        } catch (JsonProcessingException notOurs) {
            return JSON.nullNode();
        }
    }

    private TidesyncCommand tidesync() {
        return Objects.requireNonNull(plugins).tidesync();
    }
}
