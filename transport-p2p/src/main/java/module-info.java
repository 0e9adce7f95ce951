/** The home of the P2P transport, which serves {@code p2p.} operations. */
module dev.tidesync.transport.p2p {
    requires dev.tidesync.api;
    requires static org.jspecify;
}
