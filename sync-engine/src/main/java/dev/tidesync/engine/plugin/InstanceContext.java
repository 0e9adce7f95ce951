package dev.tidesync.engine.plugin;

import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** What the engine hands one transport instance. */
record InstanceContext(
        String instanceName,
        Settings settings,
        InstantSource clock,
        Path dataDirectory,
        CounterMetrics metrics,
        String engineVersion,
        Optional<Inbox> inbox,
        Optional<Enqueuer> outbox)
        implements TransportContext {}
