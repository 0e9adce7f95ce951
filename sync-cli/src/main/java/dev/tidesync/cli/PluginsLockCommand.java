package dev.tidesync.cli;

import dev.tidesync.engine.plugin.PluginLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync plugins lock}: vouches for the JARs of plugins as they are now. */
@Command(
        name = "lock",
        description = "Writes the SHA-256 of every JAR in plugin folders into the file that plugins.lock names; from"
                + " then on nothing else is loaded from them.")
final class PluginsLockCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Override
    public Integer call() {
        PluginsCommand command = Objects.requireNonNull(plugins);
        Path file = file(command);
        try {
            PluginLock lock = PluginLock.of(command.configuration().pluginFolders());
            lock.write(file);
            command.tidesync().terminal().print(lock.size() + " JARs locked in " + file);
            return ExitCode.OK;
        } catch (IOException failure) {
            throw new CommandFailure(
                    ExitCode.FAILED, "the plugins cannot be locked in " + file + ": " + failure, failure);
        }
    }

    /** The lock file of the configuration. */
    static Path file(PluginsCommand command) {
        return command.configuration()
                .pluginLock()
                .orElseThrow(
                        () -> new CommandFailure(
                                ExitCode.BAD_INPUT,
                                "there is no lock file; name one in the configuration, as plugins.lock=/etc/tidesync/plugins.lock"));
    }
}
