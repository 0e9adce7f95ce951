package dev.tidesync.engine.plugin;

/**
 * A plugin's transport that runs.
 *
 * @param instance its name
 * @param transport what sends
 * @param metrics its counters
 */
record StartedTransport(String instance, PluginTransport transport, CounterMetrics metrics) {}
