/** The plugin that delivers {@code ws.} operations with Java-WebSocket. */
module dev.tidesync.transport.ws {
    requires com.fasterxml.jackson.databind;
    requires transitive dev.tidesync.api;
    requires org.java_websocket;
    requires org.slf4j;
    requires static org.jspecify;

    exports dev.tidesync.transport.ws.dialect;
    exports dev.tidesync.transport.ws.receiver;

    uses dev.tidesync.transport.ws.dialect.WsDialect;

    provides dev.tidesync.spi.SyncTransportProvider with
            dev.tidesync.transport.ws.WsTransportProvider;
    provides dev.tidesync.transport.ws.dialect.WsDialect with
            dev.tidesync.transport.ws.dialect.JsonReliableDialect,
            dev.tidesync.transport.ws.dialect.StompDialect;
}
