/** The outbox, its log, and the engine that delivers what is in it through transport plugins. */
module dev.tidesync.engine {
    requires transitive dev.tidesync.api;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.tidesync.engine;
    exports dev.tidesync.engine.outbox;
    exports dev.tidesync.engine.plugin;

    uses dev.tidesync.spi.SyncTransportProvider;
}
