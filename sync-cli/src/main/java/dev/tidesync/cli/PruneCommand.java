package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.engine.control.OutboxAccess;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync prune}: forgets what was delivered long ago. */
@Command(name = "prune", description = "Forgets operations that were delivered long ago.")
final class PruneCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(
            names = "--older-than",
            paramLabel = "SPAN",
            required = true,
            converter = DurationConverter.class,
            description = "Delivered at least this span ago, as 7d")
    private Duration olderThan = Duration.ZERO;

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        int pruned;
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            pruned = outbox.pruneDone(olderThan);
        }
        if (tidesync.json()) {
            tidesync.terminal().print(JsonNodeFactory.instance.objectNode().put("pruned", pruned));
        } else {
            tidesync.terminal().print(pruned + " forgotten");
        }
        return ExitCode.OK;
    }
}
