package dev.tidesync.transport.ws;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ended.
 *
 * @param opened whether both handshakes had passed
 * @param code the close code of RFC 6455 §7.4, or a negative number of the library's own
 * @param reason the words that came with it; the other side's, so not to be trusted
 * @param remote whether the other side closed it
 * @param cause what was thrown before it was open, if anything
 */
record LinkEnd(
        boolean opened,
        int code,
        String reason,
        boolean remote,
        @Nullable Throwable cause) {
    static final int NORMAL = 1000;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED_DATA = 1003;
    static final int LOST = 1006;
    static final int BAD_PAYLOAD = 1007;
    static final int POLICY = 1008;
    static final int TOO_BIG = 1009;

    static LinkEnd closed(boolean opened, int code, String reason, boolean remote) {
        return new LinkEnd(opened, code, reason, remote, null);
    }

    static LinkEnd failed(boolean opened, Throwable cause) {
        return new LinkEnd(opened, LOST, "", false, cause);
    }
}
