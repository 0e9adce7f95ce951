package dev.tidesync.transport.p2p.wire;

/** The reasons for which a connection is closed on purpose. */
public final class Goodbyes {
    /** The node stops. */
    public static final String SHUTDOWN = "shutdown";
    /** The other connection between the two nodes stays. */
    public static final String DUPLICATE = "duplicate";
    /** Nobody has allowed the other node here. */
    public static final String UNTRUSTED = "untrusted";
    /** The other node said something that is not of the protocol. */
    public static final String PROTOCOL = "protocol";
    /** The other node sent a frame above the limit. */
    public static final String TOO_LARGE = "too-large";
    /** The two nodes have no version of the protocol in common. */
    public static final String VERSION = "version";
    /** The other node has been silent for too long. */
    public static final String SILENT = "silent";
    /** There are as many connections as this node takes. */
    public static final String BUSY = "busy";

    private Goodbyes() {}
}
