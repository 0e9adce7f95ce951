package dev.tidesync.transport.ws;

import javax.net.ssl.SSLPeerUnverifiedException;

/** The server has a valid certificate, but not with a key that was pinned for it. */
final class PinMismatchException extends SSLPeerUnverifiedException {
    private static final long serialVersionUID = 1;

    PinMismatchException(String message) {
        super(message);
    }
}
