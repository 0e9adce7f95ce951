package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.PluginReport;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ConfigProblem;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync transports}: what became of every plugin that was found. */
@Command(
        name = "transports",
        description = "Shows every plugin that was found, how it stands, and what to do if it does not run.",
        footer = {"", "Exit code: 1 if a plugin is broken, or a setting of transports or routes is wrong."})
final class TransportsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        List<PluginReport> reports;
        List<String> otherProblems;
        try (TransportRegistry registry = tidesync.installation().startTransports()) {
            reports = registry.reports();
            otherProblems = problemsOfNoPlugin(registry);
        }
        if (tidesync.json()) {
            reports.forEach(report -> tidesync.terminal().print(json(report)));
        } else {
            show(tidesync.terminal(), reports);
        }
        otherProblems.forEach(problem -> tidesync.terminal().note("tidesync: " + Terminal.visible(problem)));
        boolean sound = otherProblems.isEmpty() && reports.stream().noneMatch(PluginReport::broken);
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }

    /** What is wrong with routes and instances; a plugin's own settings are in its report. */
    private static List<String> problemsOfNoPlugin(TransportRegistry registry) {
        return registry.settingProblems().stream()
                .map(ConfigProblem::toString)
                .filter(problem -> registry.reports().stream()
                        .noneMatch(report -> report.problem().contains(problem)))
                .toList();
    }

    private static void show(Terminal terminal, List<PluginReport> reports) {
        terminal.print(row("PLUGIN", "INSTANCE", "VERSION", "STATE", "PREFIXES", "FROM"));
        for (PluginReport report : reports) {
            terminal.print(row(
                    report.id(),
                    report.instance(),
                    report.version(),
                    report.state().name(),
                    String.join(" ", report.prefixes()),
                    report.location()));
            if (!report.problem().isEmpty()) {
                terminal.print("    problem: " + Terminal.visible(report.problem()));
            }
            if (!report.hint().isEmpty()) {
                terminal.print("    hint:    " + Terminal.visible(report.hint()));
            }
        }
    }

    private static String row(
            String id, String instance, String version, String state, String prefixes, String location) {
        return String.format(
                        Locale.ROOT,
                        "%-12s  %-12s  %-16s  %-14s  %-16s  %s",
                        Terminal.visible(id),
                        Terminal.visible(instance),
                        Terminal.visible(version),
                        state,
                        prefixes,
                        Terminal.visible(location))
                .stripTrailing();
    }

    private static ObjectNode json(PluginReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", report.id());
        json.put("instance", report.instance());
        json.put("version", report.version());
        json.put("spi_level", report.spiLevel());
        report.prefixes().forEach(json.putArray("prefixes")::add);
        json.put("location", report.location());
        json.put("state", report.state().name());
        json.put("problem", report.problem());
        json.put("hint", report.hint());
        return json;
    }
}
