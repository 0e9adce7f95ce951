package dev.tidesync.cli;

import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.plugin.InstalledCommand;
import dev.tidesync.engine.plugin.InstalledCommands;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command that is not one of the built-in ones: a plugin may have brought it. */
@Command(description = "A command of a plugin; without further words it says what it can do.")
final class PluginCommandRunner implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "WORD", description = "What the plugin understands")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        String name = Objects.requireNonNull(spec).name();
        SyncConfiguration configuration = tidesync.installation().configuration();
        try (InstalledCommands commands = configuration.commands()) {
            List<InstalledCommand> found = commands.named(name);
            if (found.isEmpty()) {
                throw unknownCommand(spec.parent().commandLine(), name);
            }
            if (found.size() > 1) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        "two plugins bring the command '" + name + "': "
                                + found.get(0).origin() + " and " + found.get(1).origin() + "; remove one");
            }
            return run(found.get(0), configuration);
        }
    }

    private static ParameterException unknownCommand(CommandLine parent, String name) {
        String hint = new UnmatchedArgumentException(parent, List.of(name))
                .getSuggestions().stream()
                        .filter(similar -> !similar.equals(name)) // which is there, to be handed to a plugin
                        .findFirst()
                        .map(similar -> "; did you mean '" + similar + "'?")
                        .orElse("");
        return new ParameterException(parent, "there is no command '" + name + "'" + hint);
    }

    private int run(InstalledCommand command, SyncConfiguration configuration) throws Exception {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        PluginCommandContext context = new PluginCommandContext(
                tidesync,
                configuration.settingsFor(command),
                tidesync.data().resolve("transports").resolve(command.pluginId()));
        try {
            return command.run(words, context);
        } catch (IllegalArgumentException | OutboxStoreException foreseen) {
            throw foreseen;
        } catch (java.io.IOException | java.util.NoSuchElementException failed) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(failed.getMessage()), failed);
        }
    }
}
