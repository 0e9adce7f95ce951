package dev.tidesync.engine.plugin;

import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportContext;
import java.nio.file.Path;
import java.time.InstantSource;

/** What the engine hands one transport instance. */
record InstanceContext(
        String instanceName,
        Settings settings,
        InstantSource clock,
        Path dataDirectory,
        CounterMetrics metrics,
        String engineVersion)
        implements TransportContext {}
