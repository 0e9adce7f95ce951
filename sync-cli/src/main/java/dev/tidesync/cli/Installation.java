package dev.tidesync.cli;

import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.control.LocalOutboxAccess;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.plugin.TransportRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command works with: the data directory, the configuration, and the plugins of the bundle it was started from.
 *
 * @param dataDirectory where the outbox lies
 * @param configFile the configuration file that was asked for; the bundle's own if none was
 * @param settings settings that beat the file's
 */
record Installation(Path dataDirectory, Optional<Path> configFile, Map<String, String> settings) {
    static final InstantSource CLOCK = InstantSource.system();

    /** Every setting, not yet checked. */
    SyncConfiguration configuration() {
        SyncConfiguration configuration = configFile()
                .or(Installation::bundledConfigFile)
                .map(SyncConfiguration::load)
                .orElseGet(SyncConfiguration::defaults);
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            configuration = configuration.with(setting.getKey(), setting.getValue());
        }
        Optional<Path> home = home();
        return home.isPresent() ? configuration.withPluginFolder(home.get().resolve("plugins")) : configuration;
    }

    /** The options that give another process of this command the same installation. */
    List<String> asArguments() {
        List<String> arguments = new ArrayList<>(List.of("--data", dataDirectory.toString()));
        configFile.ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        return arguments;
    }

    private static Optional<Path> bundledConfigFile() {
        return home().map(home -> home.resolve("conf").resolve("tidesync.properties"))
                .filter(Files::exists);
    }

    /** Where the bundle lies; the start script says so. */
    private static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty("tidesync.home")).map(Path::of);
    }

    /** Opens the outbox in this process, without any plugin. */
    OutboxAccess openOutbox(String holder) {
        return new LocalOutboxAccess(
                configuration().with("outbox.holder", holder).openOutbox(dataDirectory, CLOCK));
    }

    /** Opens the outbox in this process with every plugin, and a control socket for other commands. */
    SyncEngine openEngine(String holder) {
        return SyncEngine.open(
                dataDirectory, configuration().with("outbox.holder", holder).with("engine.control-socket", "true"));
    }

    /** Finds and starts every plugin that can be started, and reports on the others. */
    TransportRegistry startTransports() {
        return configuration()
                .transports()
                .dataDirectory(dataDirectory)
                .clock(CLOCK)
                .build();
    }
}
