/** What an engine does, as Micrometer meters and as Prometheus text. */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptors
module dev.tidesync.metrics {
    requires transitive dev.tidesync.engine;
    requires jdk.httpserver;
    requires transitive micrometer.core;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;
    requires org.slf4j;

    exports dev.tidesync.metrics;
}
