package dev.tidesync.engine.plugin;

import dev.tidesync.spi.SyncTransportProvider;

/**
 * A provider that could be loaded; nothing else is known of it yet.
 *
 * @param provider the provider
 * @param loader the loader its code runs under
 * @param location where it was loaded from, for people
 */
record Candidate(SyncTransportProvider provider, ClassLoader loader, String location) {
    String className() {
        return provider.getClass().getName();
    }
}
