package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.control.OperationJson;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync show}: everything about one operation. */
@Command(name = "show", description = "Shows every field of one operation.")
final class ShowCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Parameters(paramLabel = "ID", description = "The operation's id")
    private String id = "";

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            Operation operation = outbox.find(id).orElseThrow(() -> tidesync.unknownOperation(id));
            if (tidesync.json()) {
                tidesync.terminal().print(OperationJson.write(operation));
            } else {
                tidesync.terminal().print(OperationView.details(operation));
            }
        }
        return ExitCode.OK;
    }
}
