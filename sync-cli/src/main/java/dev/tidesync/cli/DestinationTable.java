package dev.tidesync.cli;

import dev.tidesync.engine.insight.DestinationStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Destinations as rows of a table, with a header. */
final class DestinationTable {
    private DestinationTable() {}

    static List<String> rows(List<DestinationStatus> destinations, long nowMs) {
        List<String> rows = new ArrayList<>();
        rows.add(row("TRANSPORT", "STATE", "SENDS", "FAILURES", "DESTINATION", ""));
        destinations.forEach(destination -> rows.add(row(
                Terminal.visible(destination.instance()),
                state(destination, nowMs),
                destination.inFlight() + "/" + destination.window(),
                String.valueOf(destination.failuresInARow()),
                destination.name().isEmpty() ? "(base)" : Terminal.visible(destination.name()),
                destination.lastProblem().isEmpty() ? "" : "  (" + Terminal.visible(destination.lastProblem()) + ")")));
        return rows;
    }

    private static String state(DestinationStatus destination, long nowMs) {
        return switch (destination.breaker()) {
            case CLOSED -> "open to all";
            case OPEN -> "paused " + Math.max(0, (destination.pausedUntilMs() - nowMs + 999) / 1_000) + " s";
            case HALF_OPEN -> "probed";
        };
    }

    private static String row(
            String transport, String state, String sends, String failures, String destination, String problem) {
        return String.format(
                        Locale.ROOT,
                        "%-12s  %-12s  %9s  %8s  %s%s",
                        transport,
                        state,
                        sends,
                        failures,
                        destination,
                        problem)
                .stripTrailing();
    }
}
