/** The home of the WebSocket transport, which serves {@code ws.} operations. */
module dev.tidesync.transport.ws {
    requires dev.tidesync.api;
    requires static org.jspecify;
}
