package dev.tidesync.engine;

import dev.tidesync.engine.plugin.PluginReport;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What configuration demands of the plugins before an engine may start: {@code plugins.required} and
 * {@code plugins.on-failure}.
 */
final class PluginDemands {
    private final List<String> required;
    private final boolean allSound;

    /** The demands in the section {@code plugins.} */
    PluginDemands(Settings plugins) {
        this.required = plugins.list("required");
        this.allSound = plugins.text("on-failure").filter("fail"::equals).isPresent();
    }

    /** Every demand that is not met, and how to meet it. */
    List<ConfigProblem> unmetBy(List<PluginReport> reports) {
        List<ConfigProblem> unmet = new ArrayList<>();
        required.forEach(instance -> requireRunning(instance, reports, unmet));
        if (allSound) {
            reports.stream()
                    .filter(PluginReport::broken)
                    .forEach(report -> unmet.add(new ConfigProblem(
                            "plugins.on-failure", "plugin '" + report.id() + "' " + complaint(report))));
        }
        return unmet;
    }

    private static void requireRunning(String instance, List<PluginReport> reports, List<ConfigProblem> unmet) {
        List<PluginReport> named = reports.stream()
                .filter(report -> report.instance().equals(instance)
                        || (report.instance().isEmpty() && report.id().equals(instance)))
                .toList();
        if (named.isEmpty()) {
            unmet.add(new ConfigProblem(
                    "plugins.required", "transport '" + instance + "' was not found; drop its JAR into plugins/"));
        }
        named.stream()
                .filter(report -> report.state() != PluginReport.State.READY)
                .forEach(report -> unmet.add(
                        new ConfigProblem("plugins.required", "transport '" + instance + "' " + complaint(report))));
    }

    private static String complaint(PluginReport report) {
        return report.problem() + " (" + report.location() + "); " + report.hint();
    }
}
