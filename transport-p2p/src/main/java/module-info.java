/** The plugin that delivers {@code p2p.} operations between nodes, with Netty. */
module dev.tidesync.transport.p2p {
    requires dev.tidesync.api;
    requires io.nayuki.qrcodegen;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires org.slf4j;
    requires static org.jspecify;

    provides dev.tidesync.spi.PluginCommand with
            dev.tidesync.transport.p2p.P2pCommand;
    provides dev.tidesync.spi.SyncTransportProvider with
            dev.tidesync.transport.p2p.P2pTransportProvider;
}
