package dev.tidesync.engine.plugin;

import dev.tidesync.spi.CommandContext;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.PluginCommand;
import java.util.List;
import java.util.function.Supplier;

/** A command that a plugin brings. Confined to one thread. */
public final class InstalledCommand {
    private final PluginCommand command;
    private final ClassLoader loader;
    private final String location;

    InstalledCommand(PluginCommand command, ClassLoader loader, String location) {
        this.command = command;
        this.loader = loader;
        this.location = location;
    }

    /** The word after {@code tidesync}. */
    public String name() {
        return underLoader(command::name);
    }

    /** The plugin whose settings it reads. */
    public String pluginId() {
        return underLoader(command::pluginId);
    }

    /** The settings it reads. */
    public ConfigSpec configSpec() {
        return underLoader(command::configSpec);
    }

    private <T> T underLoader(Supplier<T> question) {
        return ContextLoader.ask(loader, question);
    }

    /** Its class and where that lies, as error messages name it. */
    public String origin() {
        return command.getClass().getName() + " (" + location + ")";
    }

    /**
     * Runs it under its plugin's class loader.
     *
     * @return the process's exit code
     * @throws Exception whatever it throws
     */
    public int run(List<String> words, CommandContext context) throws Exception {
        return ContextLoader.call(loader, () -> command.run(words, context));
    }
}
