package dev.tidesync.cli;

import dev.tidesync.engine.control.OutboxAccess;
import java.util.Locale;
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
        Counts counts;
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            counts = new Counts(outbox.counts());
        }
        if (tidesync.json()) {
            tidesync.terminal().print(counts.toJson());
        } else {
            counts.byStatus().forEach((status, count) -> tidesync.terminal().print(row(status.name(), count)));
            tidesync.terminal().print(row("total", counts.total()));
        }
        return ExitCode.OK;
    }

    private static String row(String name, long count) {
        return String.format(Locale.ROOT, "%-16s %,12d", name, count);
    }
}
