package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.engine.control.ImportSummary;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.spi.OutboxStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync import}: takes over the outbox of a Vix application. */
@Command(
        name = "import",
        description = "Takes over the operations of an outbox.json that Vix sync wrote.",
        footer = {"", "Exit code: 0 if every row was taken over, 2 if any was refused."})
final class ImportCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Parameters(paramLabel = "FILE", description = "The outbox.json; it is left as it is")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        if (!Files.isReadable(file)) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "cannot read " + file + "; name a file that exists");
        }
        ImportSummary summary;
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            summary = importInto(outbox);
        }
        summary.problems().forEach(problem -> tidesync.terminal().note(Terminal.visible(problem)));
        if (tidesync.json()) {
            tidesync.terminal()
                    .print(JsonNodeFactory.instance
                            .objectNode()
                            .put("imported", summary.imported())
                            .put("refused", summary.problems().size()));
        } else {
            tidesync.terminal()
                    .print(summary.imported() + " imported, "
                            + summary.problems().size() + " refused");
        }
        return summary.problems().isEmpty() ? ExitCode.OK : ExitCode.BAD_INPUT;
    }

    private ImportSummary importInto(OutboxAccess outbox) {
        try {
            return outbox.importVix(file);
        } catch (OutboxStoreException refused) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(refused.getMessage()), refused);
        }
    }
}
