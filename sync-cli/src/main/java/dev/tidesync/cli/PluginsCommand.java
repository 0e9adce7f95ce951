package dev.tidesync.cli;

import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tidesync plugins}: what is installed, whether it is sound, and who gets what. */
@Command(
        name = "plugins",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, checks and locks the plugins that carry operations.",
        subcommands = {
            PluginsCheckCommand.class,
            PluginsTryCommand.class,
            PluginsDescribeCommand.class,
            PluginsLockCommand.class,
            PluginsVerifyCommand.class,
            PluginsDoctorCommand.class
        })
final class PluginsCommand implements Runnable {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
    }

    TidesyncCommand tidesync() {
        return Objects.requireNonNull(global);
    }

    SyncConfiguration configuration() {
        return tidesync().installation().configuration();
    }

    @Command(
            name = "list",
            description = "Shows every plugin that was found, how it stands, and what to do if it does not run.",
            footer = {"", "Exit code: 1 if a plugin is broken, or a setting of transports or routes is wrong."})
    int list() {
        return TransportsCommand.list(tidesync());
    }

    @Command(
            name = "explain",
            description = "Shows which transport gets operations of a kind, and every prefix that was compared.",
            footer = {"", "Exit code: 1 if no transport serves the kind."})
    int explain(@Parameters(paramLabel = "KIND", description = "The kind, as http.post") String kind) {
        try (TransportRegistry registry = tidesync().installation().startTransports()) {
            return new RouteExplanation(kind, registry)
                    .print(tidesync().terminal(), tidesync().json());
        }
    }
}
