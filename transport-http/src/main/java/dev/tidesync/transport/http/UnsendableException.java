package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;

/** An operation cannot be made into a request that may be sent. Carries the outcome; nothing has left this machine. */
final class UnsendableException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient SendResult result;

    private UnsendableException(SendResult result) {
        super(result.error());
        this.result = result;
    }

    /** The operation itself is at fault, so that no further attempt can mend it. */
    static UnsendableException permanent(String code, String error) {
        return new UnsendableException(SendResult.permanent(error).withCode(code));
    }

    /** Something outside the operation is at fault; the result must be a retryable one. */
    static UnsendableException blocked(SendResult result) {
        return new UnsendableException(result);
    }

    SendResult result() {
        return result;
    }
}
