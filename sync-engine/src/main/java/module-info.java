/** The outbox, its log, and the engine that delivers what is in it through transport plugins. */
@SuppressWarnings("module") // dev.tidesync.cli is built later
module dev.tidesync.engine {
    requires transitive dev.tidesync.api;
    requires com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.tidesync.engine;
    exports dev.tidesync.engine.control to
            dev.tidesync.cli;
    exports dev.tidesync.engine.inbox;
    exports dev.tidesync.engine.insight;
    exports dev.tidesync.engine.outbox;
    exports dev.tidesync.engine.plugin;
    exports dev.tidesync.engine.store;
    exports dev.tidesync.engine.wal;

    uses dev.tidesync.spi.OutboxStoreProvider;
    uses dev.tidesync.spi.PluginCommand;
    uses dev.tidesync.spi.SyncTransportProvider;

    provides dev.tidesync.spi.OutboxStoreProvider with
            dev.tidesync.engine.store.FileOutboxStoreProvider;
}
