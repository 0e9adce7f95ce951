package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ISyncTransport;

/**
 * Where operations whose kind begins with a prefix go.
 *
 * @param prefix the kind prefix, ended by a dot
 * @param instance the transport's name in logs and listings
 * @param transport what sends them
 */
public record Route(String prefix, String instance, ISyncTransport transport) {}
