package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync cancel}: a person gives up on a waiting operation. */
@Command(name = "cancel", description = "Gives up on an operation that waits; it stays listed as failed for good.")
final class CancelCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Parameters(paramLabel = "ID", description = "The operation's id")
    private String id = "";

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            outbox.cancel(id);
        }
        if (tidesync.json()) {
            tidesync.terminal().print(JsonNodeFactory.instance.objectNode().put("cancelled", id));
        } else {
            tidesync.terminal().print(Terminal.visible(id) + " is cancelled");
        }
        return ExitCode.OK;
    }
}
