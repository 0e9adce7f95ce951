package dev.tidesync.transport.p2p.wire;

/** The names by which an operation is refused, with the meanings of the reasons for XFER_REFUSE in RFC 9174 §4.7. */
public final class Refusals {
    /** It is there already: as good as taken. */
    public static final String COMPLETED = "Completed";
    /** No room now. */
    public static final String NO_RESOURCES = "No Resources";
    /** Something went wrong that the operation is not to blame for: again, please. */
    public static final String RETRANSMIT = "Retransmit";
    /** Not this one, ever. */
    public static final String NOT_ACCEPTABLE = "Not Acceptable";
    /** It needs something that the receiver does not know. */
    public static final String EXTENSION_FAILURE = "Extension Failure";
    /** The receiver is about to leave. */
    public static final String SESSION_TERMINATING = "Session Terminating";

    private Refusals() {}
}
