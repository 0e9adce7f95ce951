package dev.tidesync.spi;

import java.time.Duration;
import java.util.Objects;

/** What an {@link Inbox} says to an operation that arrived. Immutable. */
public final class InboxResult {
    /** The kinds of answer. Further ones may come; {@link InboxResult#acknowledged} holds for them too. */
    public enum Outcome {
        /** It is durable: acknowledge it. */
        ACCEPTED,
        /** It was accepted before, with the same fingerprint: acknowledge it. */
        DUPLICATE,
        /** Its key belongs to an operation with another fingerprint: no further attempt can mend that. */
        CONFLICT,
        /** It is older than what the inbox still remembers, so nobody can tell whether it was applied: final. */
        TOO_OLD,
        /** It has no idempotency key, or is over a limit: final. */
        INVALID,
        /** The inbox is full or closed: send it again later. */
        BUSY
    }

    private static final InboxResult ACCEPTED = new InboxResult(Outcome.ACCEPTED, "", Duration.ZERO);
    private static final InboxResult DUPLICATE = new InboxResult(Outcome.DUPLICATE, "", Duration.ZERO);

    private final Outcome outcome;
    private final String reason;
    private final Duration retryAfter;

    private InboxResult(Outcome outcome, String reason, Duration retryAfter) {
        this.outcome = outcome;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.retryAfter = retryAfter;
    }

    /** It is durable now. */
    public static InboxResult accepted() {
        return ACCEPTED;
    }

    /** It was durable before. */
    public static InboxResult duplicate() {
        return DUPLICATE;
    }

    /**
     * It is not taken, and never will be.
     *
     * @param outcome CONFLICT, TOO_OLD or INVALID
     * @param reason one sentence that may be shown to the sender
     */
    public static InboxResult refused(Outcome outcome, String reason) {
        return new InboxResult(outcome, reason, Duration.ZERO);
    }

    /**
     * It is not taken now.
     *
     * @param reason one sentence that may be shown to the sender
     * @param retryAfter when the sender might ask again
     */
    public static InboxResult busy(String reason, Duration retryAfter) {
        return new InboxResult(Outcome.BUSY, reason, retryAfter);
    }

    /** The kind of answer. */
    public Outcome outcome() {
        return outcome;
    }

    /** Whether the inbox has the operation, now or from before, so that the sender must be told so. */
    public boolean acknowledged() {
        return outcome == Outcome.ACCEPTED || outcome == Outcome.DUPLICATE;
    }

    /** Why it was not taken; empty if it was. */
    public String reason() {
        return reason;
    }

    /** When a sender that was told BUSY might ask again; zero otherwise. */
    public Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? outcome.toString() : outcome + ": " + reason;
    }
}
