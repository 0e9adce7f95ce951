package dev.tidesync.cli;

import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.LogInspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tidesync log}: looks at the log's files, without opening the outbox and without changing anything. */
@Command(
        name = "log",
        synopsisSubcommandLabel = "COMMAND",
        description = "Looks at the log's files as they are; also while another process has the outbox.",
        subcommands = {LogVerifyCommand.class, LogStatsCommand.class, LogDumpCommand.class})
final class LogCommand implements Runnable {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "What the names of its files begin with; default: outbox")
    private String name = "outbox";

    /** What is done with a log. */
    @FunctionalInterface
    interface Task {
        int run(LogInspection log) throws IOException;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
    }

    TidesyncCommand tidesync() {
        return Objects.requireNonNull(global);
    }

    /** Reads the log and does something with it; answers with the exit code. */
    int inspect(Task task) {
        Path data = tidesync().data();
        if (!Files.isDirectory(data)) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "there is no directory " + data + "; name it with --data");
        }
        try (LogInspection log =
                LogInspection.of(DirectoryStorage.open(data), name, tidesync().logKeys())) {
            if (log.segments().isEmpty() && log.damages().isEmpty()) {
                throw new CommandFailure(
                        ExitCode.BAD_INPUT, "there is no log '" + name + "' in " + data + "; name it with --data");
            }
            return task.run(log);
        } catch (IOException failure) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    "the log in " + data + " cannot be read: " + failure.getMessage()
                            + "; if another process has the outbox, it may have tidied up meanwhile, so try again");
        }
    }
}
