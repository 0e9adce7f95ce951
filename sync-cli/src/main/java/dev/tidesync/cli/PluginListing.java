package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.PluginReport;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.ConfigProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of plugins, as a table for people or as one JSON object a line.
 *
 * @param reports each plugin's fate, as JSON
 * @param otherProblems what is wrong with routes and instances that no plugin's report tells
 */
record PluginListing(List<ObjectNode> reports, List<String> otherProblems) {
    static PluginListing of(TransportRegistry registry) {
        return new PluginListing(
                registry.reports().stream().map(PluginListing::json).toList(), problemsOfNoPlugin(registry));
    }

    /** What is wrong with routes and instances; a plugin's own settings are in its report. */
    private static List<String> problemsOfNoPlugin(TransportRegistry registry) {
        return registry.settingProblems().stream()
                .map(ConfigProblem::toString)
                .filter(problem -> registry.reports().stream()
                        .noneMatch(report -> report.problem().contains(problem)))
                .toList();
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

    /** Prints it. Answers with the exit code: 1 if anything needs a person. */
    int print(Terminal terminal, boolean asJson) {
        if (asJson) {
            reports.forEach(terminal::print);
        } else {
            terminal.print(row("PLUGIN", "INSTANCE", "VERSION", "STATE", "PREFIXES", "FROM"));
            reports.forEach(report -> show(terminal, report));
        }
        otherProblems.forEach(problem -> terminal.note("tidesync: " + Terminal.visible(problem)));
        boolean sound = otherProblems.isEmpty() && reports.stream().noneMatch(PluginListing::broken);
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }

    private static boolean broken(ObjectNode report) {
        PluginReport.State state = PluginReport.State.valueOf(text(report, "state"));
        return state == PluginReport.State.REJECTED || state == PluginReport.State.FAILED;
    }

    private static void show(Terminal terminal, ObjectNode report) {
        List<String> prefixes = new ArrayList<>();
        report.path("prefixes").forEach(prefix -> prefixes.add(prefix.asText()));
        terminal.print(row(
                text(report, "id"),
                text(report, "instance"),
                text(report, "version"),
                text(report, "state"),
                String.join(" ", prefixes),
                text(report, "location")));
        printUnlessEmpty(terminal, "    problem: ", text(report, "problem"));
        printUnlessEmpty(terminal, "    hint:    ", text(report, "hint"));
    }

    private static void printUnlessEmpty(Terminal terminal, String label, String text) {
        if (!text.isEmpty()) {
            terminal.print(label + Terminal.visible(text));
        }
    }

    private static String text(ObjectNode report, String field) {
        return report.path(field).asText();
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
}
