package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.InsightJson;
import dev.tidesync.engine.insight.EngineStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code top} shows at one moment.
 *
 * @param nanos when that was, to reckon rates with
 */
record TopFrame(long nanos, Counts counts, EngineStatus engine) {
    /** The lines of the frame; rates are those since {@code earlier}. */
    List<String> lines(@Nullable TopFrame earlier, long nowMs) {
        List<String> lines = new ArrayList<>();
        lines.add(Instant.ofEpochMilli(nowMs) + "  " + state() + rate(earlier));
        StringBuilder row = new StringBuilder();
        counts.byStatus().forEach((status, count) -> row.append(String.format(Locale.ROOT, "%s %,d  ", status, count)));
        lines.add(row.toString().stripTrailing());
        lines.add("");
        lines.addAll(DestinationTable.rows(engine.destinations(), nowMs));
        return lines;
    }

    /** The counts, and what the engine says, without rates. */
    ObjectNode toJson() {
        ObjectNode json = counts.toJson();
        json.set("engine", InsightJson.write(engine));
        return json;
    }

    private String state() {
        if (!engine.running()) {
            return "no engine delivers";
        }
        return (engine.online() ? "delivering" : "offline") + ", " + engine.inFlight() + " sends under way";
    }

    /** What was forgotten meanwhile may make it less than nothing. */
    private String rate(@Nullable TopFrame earlier) {
        if (earlier == null || nanos <= earlier.nanos) {
            return "";
        }
        long delivered = Math.max(0, counts.of(OperationStatus.DONE) - earlier.counts.of(OperationStatus.DONE));
        return String.format(Locale.ROOT, ", %,.1f delivered a second", delivered * 1e9 / (nanos - earlier.nanos));
    }
}
