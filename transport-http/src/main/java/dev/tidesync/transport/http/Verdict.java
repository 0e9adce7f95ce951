package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;

/** What an attempt's end means for the operation. */
enum Verdict {
    /** The receiver took custody. */
    DELIVERED,
    /** Charged and tried again; nothing was applied. */
    RETRY,
    /** Charged and tried again; it may have been applied. */
    RETRY_AMBIGUOUS,
    /** The destination is down or busy: uncharged; nothing was applied. */
    UNAVAILABLE,
    /** The destination is down or busy: uncharged; it may have been applied. */
    UNAVAILABLE_AMBIGUOUS,
    /** The destination needs a person or new credentials: uncharged, and asked again slowly. */
    BLOCKED,
    /** No further attempt can mend it. */
    PERMANENT;

    /** The result with this meaning. */
    SendResult result(String code, String error) {
        return switch (this) {
            case DELIVERED -> SendResult.delivered();
            case RETRY -> retryable(code, error, Scope.OPERATION, false);
            case RETRY_AMBIGUOUS -> retryable(code, error, Scope.OPERATION, true);
            case UNAVAILABLE, BLOCKED -> retryable(code, error, Scope.TARGET, false);
            case UNAVAILABLE_AMBIGUOUS -> retryable(code, error, Scope.TARGET, true);
            case PERMANENT -> SendResult.permanent(error).withCode(code);
        };
    }

    private static SendResult retryable(String code, String error, Scope scope, boolean ambiguous) {
        return SendResult.retryable(error).withCode(code).withScope(scope).withAmbiguous(ambiguous);
    }
}
