package dev.tidesync.engine.plugin;

import dev.tidesync.spi.PluginCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands that plugins bring. What cannot be loaded costs only itself, and is logged. Confined to one thread;
 * closing it closes the plugins' JARs.
 */
public final class InstalledCommands implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(InstalledCommands.class);

    /** How long a constructor of a plugin's command may take. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final List<InstalledCommand> commands = new ArrayList<>();
    private final List<PluginClassLoader> loaders = new ArrayList<>();

    private final PluginAdmission admission;

    private InstalledCommands(PluginAdmission admission) {
        this.admission = admission;
    }

    /** Finds those that the loader shows, such as all on the class path, and those admitted in plugin folders. */
    public static InstalledCommands find(ClassLoader classPath, List<Path> pluginFolders, PluginAdmission admission) {
        InstalledCommands found = new InstalledCommands(admission);
        found.scan(classPath, type -> true, "class path");
        pluginFolders.forEach(found::scanFolder);
        found.commands.sort(Comparator.comparing(InstalledCommand::name));
        return found;
    }

    private void scanFolder(Path folder) {
        try {
            PluginFolder.entries(folder).forEach(this::scanEntry);
        } catch (IOException unreadable) {
            log.warn("plugin folder {} cannot be read; make it readable", folder, unreadable);
        }
    }

    private void scanEntry(PluginFolder.Entry entry) {
        Optional<PluginFailure> objection = admission.objectionTo(entry);
        if (objection.isPresent()) {
            log.warn(
                    "plugin {} {}; {}",
                    entry.path(),
                    objection.get().problem(),
                    objection.get().hint());
            return;
        }
        PluginClassLoader loader = new PluginClassLoader(
                entry.name(), new JarInspection(entry).readable(), PluginCommand.class.getClassLoader());
        loaders.add(loader);
        scan(loader, type -> type.getClassLoader() == loader, entry.path().toString());
    }

    private void scan(ClassLoader loader, Predicate<Class<?>> wanted, String location) {
        ProviderScan<PluginCommand> scan = new ProviderScan<>(PluginCommand.class, wanted, BOUND);
        scan.run(loader);
        scan.providers().forEach(command -> commands.add(new InstalledCommand(command, loader, location)));
        scan.unloadable()
                .forEach(broken -> log.warn(
                        "command {} of the plugin at {} cannot be loaded",
                        broken.className(),
                        location,
                        broken.failure()));
    }

    /**
     * The commands with this name, in the order of where they were found; more than one is a mistake that the caller
     * should name.
     */
    public List<InstalledCommand> named(String name) {
        return commands.stream().filter(command -> command.name().equals(name)).toList();
    }

    /** All names, in order. */
    public List<String> names() {
        return commands.stream().map(InstalledCommand::name).distinct().toList();
    }

    @Override
    public void close() {
        for (PluginClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException failure) {
                log.warn("the JARs of {} could not be closed", loader.getName(), failure);
            }
        }
    }
}
