package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.spi.Incident;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Why an operation has not gone, as a person reads it. */
final class ExplanationView {
    private ExplanationView() {}

    static String of(Explanation explanation, long nowMs) {
        StringBuilder text = new StringBuilder();
        Operation operation = explanation.standing().operation();
        line(text, operation.kind() + " to " + operation.target() + " is " + operation.status());
        String lead = operation.status().isFinal() ? "" : "waits: ";
        for (WaitReason reason : explanation.reasons()) {
            line(text, "  " + lead + reason.text() + until(reason, nowMs));
            lead = "also:  ";
        }
        int charged = operation.attempt();
        line(
                text,
                "  " + charged + (charged == 1 ? " attempt" : " attempts") + " charged; enqueued at "
                        + Instant.ofEpochMilli(operation.createdAtMs()));
        if (explanation.standing().ambiguous()) {
            line(text, "  an attempt that failed may have been applied by the receiver all the same");
        }
        incidents(text, explanation.standing().incidents());
        return text.toString().stripTrailing();
    }

    private static String until(WaitReason reason, long nowMs) {
        if (reason.untilMs() == 0) {
            return "";
        }
        long leftMs = reason.untilMs() - nowMs;
        String left = leftMs > 0 ? "in " + span(leftMs) : "now";
        return " (until " + Instant.ofEpochMilli(reason.untilMs()) + ", " + left + ")";
    }

    private static String span(long ms) {
        long seconds = (ms + 999) / 1_000;
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7_200 ? seconds / 60 + " min" : seconds / 3_600 + " h";
    }

    private static void incidents(StringBuilder text, List<Incident> incidents) {
        if (!incidents.isEmpty()) {
            line(text, "what happened, the newest first, as far back as the log has kept it:");
        }
        for (Incident incident : incidents) {
            String at = incident.atMs() == 0
                    ? "at an unknown time"
                    : Instant.ofEpochMilli(incident.atMs()).toString();
            String row = String.format(
                    Locale.ROOT, "  %-24s  %-8s  %-20s  %s", at, incident.type(), incident.code(), incident.error());
            line(text, row);
        }
    }

    private static void line(StringBuilder text, String line) {
        text.append(Terminal.visible(line).stripTrailing()).append(System.lineSeparator());
    }
}
