package dev.tidesync.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt to deliver an operation ended.
 *
 * <p>{@link #delivered()} means that the other side has said it took custody; it never means that bytes were written or
 * that a handshake passed.
 */
public final class SendResult {
    /** Whose failure a retryable failure is, and so who pays for it. */
    public enum Scope {
        /** The operation's own: it is charged as an attempt. */
        OPERATION,
        /** The destination's: the operation is given back uncharged, and three in a row pause the destination. */
        TARGET,
        /** The network's: the operation is given back uncharged. */
        NETWORK
    }

    /** The longest answer that is kept with a delivery, in characters. */
    public static final int MAX_ANSWER_LENGTH = 1 << 20;

    private static final SendResult DELIVERED = new SendResult(true, false, "", "", Scope.OPERATION, false, null, "");

    private final boolean ok;
    private final boolean retryable;
    private final String error;
    private final String code;
    private final Scope scope;
    private final boolean ambiguous;
    private final @Nullable Duration retryAfter;
    private final String answer;

    private SendResult(
            boolean ok,
            boolean retryable,
            String error,
            String code,
            Scope scope,
            boolean ambiguous,
            @Nullable Duration retryAfter,
            String answer) {
        this.ok = ok;
        this.retryable = retryable;
        this.error = error;
        this.code = code;
        this.scope = scope;
        this.ambiguous = ambiguous;
        this.retryAfter = retryAfter;
        this.answer = answer;
    }

    /** The other side took custody of the operation, now or at an earlier attempt under the same idempotency key. */
    public static SendResult delivered() {
        return DELIVERED;
    }

    /**
     * A failure that another attempt may mend.
     *
     * @param error one sentence for a person, without payloads and secrets; blank becomes "send failed"
     */
    public static SendResult retryable(String error) {
        return new SendResult(false, true, orDefault(error), "", Scope.OPERATION, false, null, "");
    }

    /**
     * A failure that no further attempt can mend; the transport is not called for this operation again.
     *
     * @param error one sentence for a person, without payloads and secrets; blank becomes "send failed"
     */
    public static SendResult permanent(String error) {
        return new SendResult(false, false, orDefault(error), "", Scope.OPERATION, false, null, "");
    }

    private static String orDefault(String error) {
        return error.isBlank() ? "send failed" : error;
    }

    /** A copy that asks not to be tried again before this much time has passed; negative becomes zero. */
    public SendResult withRetryAfter(Duration wait) {
        return new SendResult(
                ok, retryable, error, code, scope, ambiguous, wait.isNegative() ? Duration.ZERO : wait, answer);
    }

    /** A copy with a stable, machine-readable code such as {@code http.429}; empty means none. */
    public SendResult withCode(String newCode) {
        return new SendResult(
                ok, retryable, error, Objects.requireNonNull(newCode), scope, ambiguous, retryAfter, answer);
    }

    /** A copy that lays the failure at another door. It only matters for retryable failures. */
    public SendResult withScope(Scope newScope) {
        return new SendResult(
                ok, retryable, error, code, Objects.requireNonNull(newScope), ambiguous, retryAfter, answer);
    }

    /** A copy that says whether the receiver may have applied the operation although no answer said so. */
    public SendResult withAmbiguous(boolean newAmbiguous) {
        return new SendResult(ok, retryable, error, code, scope, newAmbiguous, retryAfter, answer);
    }

    /**
     * A copy with what the other side said beyond taking custody, to be kept as the delivery's result. It only matters
     * for {@link #delivered()}.
     *
     * @throws IllegalArgumentException if it is longer than {@link #MAX_ANSWER_LENGTH}; a transport says what it does
     *     with longer ones
     */
    public SendResult withAnswer(String newAnswer) {
        if (newAnswer.length() > MAX_ANSWER_LENGTH) {
            throw new IllegalArgumentException(
                    "answer must have at most " + MAX_ANSWER_LENGTH + " characters, had: " + newAnswer.length());
        }
        return new SendResult(ok, retryable, error, code, scope, ambiguous, retryAfter, newAnswer);
    }

    /** Whether the other side took custody. */
    public boolean ok() {
        return ok;
    }

    /** Whether another attempt may succeed; false when {@link #ok()}. */
    public boolean retryable() {
        return retryable;
    }

    /** What went wrong, for a person; empty when {@link #ok()}. */
    public String error() {
        return error;
    }

    /** The machine-readable code, or empty. */
    public String code() {
        return code;
    }

    /** Whose failure it is. */
    public Scope scope() {
        return scope;
    }

    /** Whether the receiver may have applied the operation although this attempt failed. */
    public boolean ambiguous() {
        return ambiguous;
    }

    /** The least time to wait before the next attempt, if the other side named one. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What the other side said beyond taking custody; empty if nothing. */
    public String answer() {
        return answer;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SendResult that
                && ok == that.ok
                && retryable == that.retryable
                && error.equals(that.error)
                && code.equals(that.code)
                && scope == that.scope
                && ambiguous == that.ambiguous
                && Objects.equals(retryAfter, that.retryAfter)
                && answer.equals(that.answer);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ok, retryable, error, code, scope, ambiguous, retryAfter, answer);
    }

    @Override
    public String toString() {
        if (ok) {
            return answer.isEmpty() ? "delivered" : "delivered, with an answer of " + answer.length() + " characters";
        }
        StringBuilder text = new StringBuilder(retryable ? "retryable" : "permanent");
        if (!code.isEmpty()) {
            text.append(' ').append(code);
        }
        text.append(" (")
                .append(scope)
                .append(ambiguous ? ", ambiguous" : "")
                .append("): ")
                .append(error);
        retryAfter().ifPresent(wait -> text.append("; retry after ").append(wait));
        return text.toString();
    }
}
