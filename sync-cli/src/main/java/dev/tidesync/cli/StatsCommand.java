package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync stats}: how many operations stand where. */
@Command(name = "stats", description = "Counts the operations by status.")
final class StatsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        Map<OperationStatus, Long> counts;
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            counts = outbox.counts();
        }
        if (tidesync.json()) {
            tidesync.terminal().print(json(counts));
        } else {
            counts.forEach((status, count) -> tidesync.terminal().print(row(status.name(), count)));
            tidesync.terminal().print(row("total", total(counts)));
        }
        return ExitCode.OK;
    }

    private static long total(Map<OperationStatus, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String row(String name, long count) {
        return String.format(Locale.ROOT, "%-16s %,12d", name, count);
    }

    /** The counts as one JSON object, by status in lower case. */
    static ObjectNode json(Map<OperationStatus, Long> counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        counts.forEach((status, count) -> json.put(status.name().toLowerCase(Locale.ROOT), count));
        return json.put("total", total(counts));
    }
}
