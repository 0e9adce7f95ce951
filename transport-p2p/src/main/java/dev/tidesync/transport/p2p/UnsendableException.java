package dev.tidesync.transport.p2p;

import dev.tidesync.api.SendResult;

/** An operation cannot be sent as it is, whatever the state of the other side. */
final class UnsendableException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    UnsendableException(String code, String message) {
        super(message);
        this.code = code;
    }

    SendResult result() {
        return Outcomes.unsendable(code, String.valueOf(getMessage()));
    }
}
