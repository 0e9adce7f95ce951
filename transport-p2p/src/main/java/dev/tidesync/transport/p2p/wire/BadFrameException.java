package dev.tidesync.transport.p2p.wire;

/** The other side sent something that is not of the protocol; the message says what, without its contents. */
public final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    /** A frame that cannot be read, for this reason. */
    public BadFrameException(String message) {
        super(message);
    }
}
