package dev.tidesync.cli;

import dev.tidesync.engine.control.InsightJson;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.insight.EngineStatus;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync destinations}: where operations go at the moment, and which destinations are paused. */
@Command(
        name = "destinations",
        description =
                "Shows the destinations that something goes to, or that have failed, and whether they are paused.")
final class DestinationsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        EngineStatus status;
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            status = outbox.engineStatus();
        }
        if (tidesync.json()) {
            status.destinations().forEach(destination -> tidesync.terminal().print(InsightJson.write(destination)));
        } else {
            DestinationTable.rows(status.destinations(), tidesync.nowMs()).forEach(tidesync.terminal()::print);
        }
        if (!status.running()) {
            tidesync.terminal().note("no engine delivers what is in this outbox; 'tidesync run' does");
        }
        return ExitCode.OK;
    }
}
