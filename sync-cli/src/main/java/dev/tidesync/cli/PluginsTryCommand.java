package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The process that {@code plugins check} starts: plugins may end it. Its last line says that none did. */
@Command(name = "try", hidden = true, description = "Starts plugins, for 'plugins check'.")
final class PluginsTryCommand implements Callable<Integer> {
    /** What the last line holds. */
    static final String COMPLETE = "complete";

    /** What holds a problem that no plugin's report tells. */
    static final String PROBLEM = "other_problem";

    @ParentCommand
    private @Nullable PluginsCommand plugins;

    @Option(names = "--folder", description = "Further plugins")
    private @Nullable Path folder;

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(plugins).tidesync();
        TransportRegistry.Builder builder = plugins.configuration().transports().dataDirectory(tidesync.data());
        if (folder != null) {
            builder.pluginFolder(folder);
        }
        Terminal terminal = tidesync.terminal();
        PluginListing listing;
        try (TransportRegistry registry = builder.build()) {
            listing = PluginListing.of(registry);
        }
        listing.reports().forEach(terminal::print);
        listing.otherProblems().forEach(problem -> terminal.print(object().put(PROBLEM, problem)));
        terminal.print(object().put(COMPLETE, true));
        return ExitCode.OK;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
