package dev.tidesync.engine.plugin;

import dev.tidesync.spi.SyncTransportProvider;
import java.util.Optional;

/**
 * A provider that could be loaded; nothing else is known of it yet.
 *
 * @param provider the provider
 * @param loader the loader its code runs under
 * @param location where it was loaded from, for people
 * @param warning what is odd about it, though it does not keep it from running
 */
record Candidate(SyncTransportProvider provider, ClassLoader loader, String location, Optional<PluginFailure> warning) {
    String className() {
        return provider.getClass().getName();
    }
}
