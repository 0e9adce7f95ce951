package dev.tidesync.cli;

import dev.tidesync.engine.plugin.TransportRegistry;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync transports}: what became of every plugin that was found. */
@Command(
        name = "transports",
        description = "Shows every plugin that was found, how it stands, and what to do if it does not run; short for"
                + " 'plugins list'.",
        footer = {"", "Exit code: 1 if a plugin is broken, or a setting of transports or routes is wrong."})
final class TransportsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Override
    public Integer call() {
        return list(Objects.requireNonNull(global));
    }

    /** Starts every plugin that can be started, and prints what became of each. */
    static int list(TidesyncCommand tidesync) {
        PluginListing listing;
        try (TransportRegistry registry = tidesync.installation().startTransports()) {
            listing = PluginListing.of(registry);
        }
        return listing.print(tidesync.terminal(), tidesync.json());
    }
}
