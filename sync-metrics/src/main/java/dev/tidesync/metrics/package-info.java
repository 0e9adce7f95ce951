/**
 * What an engine does, in numbers: {@link dev.tidesync.metrics.EngineMetrics} for any Micrometer registry,
 * {@link dev.tidesync.metrics.MetricsServer} as Prometheus text on loopback.
 */
@NullMarked
package dev.tidesync.metrics;

import org.jspecify.annotations.NullMarked;
