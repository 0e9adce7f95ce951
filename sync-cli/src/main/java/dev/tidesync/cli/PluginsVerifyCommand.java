package dev.tidesync.cli;

import dev.tidesync.engine.plugin.PluginLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync plugins verify}: compares the JARs of plugins with the lock. */
@Command(
        name = "verify",
        description = "Compares every JAR in plugin folders with the file that plugins.lock names; loads none.",
        footer = {"", "Exit code: 1 if anything differs."})
final class PluginsVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Override
    public Integer call() {
        PluginsCommand command = Objects.requireNonNull(plugins);
        Path file = PluginsLockCommand.file(command);
        Terminal terminal = command.tidesync().terminal();
        try {
            PluginLock lock = PluginLock.read(file);
            List<String> differences = lock.differences(command.configuration().pluginFolders());
            differences.forEach(difference -> terminal.print(Terminal.visible(difference)));
            if (differences.isEmpty()) {
                terminal.print("all " + lock.size() + " JARs are as they were locked");
            }
            return differences.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        } catch (IOException unreadable) {
            throw new CommandFailure(
                    ExitCode.FAILED, "the plugins cannot be compared with " + file + ": " + unreadable, unreadable);
        }
    }
}
