package dev.tidesync.spi;

import java.util.Objects;

/** How a claim ended, on its way into the store. Immutable. */
public final class Settlement {
    /** What becomes of the operation. */
    public enum Verdict {
        /** It is DONE. */
        DELIVERED,
        /** It is FAILED and charged one attempt. */
        FAILED,
        /** It is PERMANENT_FAILED. */
        PERMANENT_FAILED,
        /** It is given back, uncharged: FAILED, or PENDING if it never failed. */
        RELEASED
    }

    private final Claim claim;
    private final Verdict verdict;
    private final long nowMs;
    private final String error;
    private final String code;
    private final boolean ambiguous;
    private final boolean charged;
    private final long dueAtMs;
    private final boolean dueWasAsked;
    private final String answer;

    private Settlement(
            Claim claim,
            Verdict verdict,
            long nowMs,
            String error,
            String code,
            boolean ambiguous,
            boolean charged,
            long dueAtMs,
            boolean dueWasAsked,
            String answer) {
        this.claim = Objects.requireNonNull(claim);
        this.verdict = verdict;
        this.nowMs = nowMs;
        this.error = Objects.requireNonNull(error);
        this.code = Objects.requireNonNull(code);
        this.ambiguous = ambiguous;
        this.charged = charged;
        this.dueAtMs = dueAtMs;
        this.dueWasAsked = dueWasAsked;
        this.answer = Objects.requireNonNull(answer);
    }

    /** The other side took custody. */
    public static Settlement delivered(Claim claim, long nowMs) {
        return new Settlement(claim, Verdict.DELIVERED, nowMs, "", "", false, false, 0, false, "");
    }

    /** A charged failure that is tried again at {@code dueAtMs}. */
    public static Settlement failed(Claim claim, String error, long nowMs, long dueAtMs) {
        return new Settlement(claim, Verdict.FAILED, nowMs, error, "", false, true, dueAtMs, false, "");
    }

    /** A failure for good, charged. */
    public static Settlement permanentlyFailed(Claim claim, String error, long nowMs) {
        return new Settlement(claim, Verdict.PERMANENT_FAILED, nowMs, error, "", false, true, 0, false, "");
    }

    /** Given back uncharged, to be tried again at {@code dueAtMs}; the reason says what it waits for. */
    public static Settlement released(Claim claim, String reason, long nowMs, long dueAtMs) {
        return new Settlement(claim, Verdict.RELEASED, nowMs, reason, "", false, false, dueAtMs, false, "");
    }

    /** A copy with a machine-readable code. */
    public Settlement withCode(String newCode) {
        return new Settlement(claim, verdict, nowMs, error, newCode, ambiguous, charged, dueAtMs, dueWasAsked, answer);
    }

    /** A copy that says whether the receiver may have applied the operation. */
    public Settlement withAmbiguous(boolean newAmbiguous) {
        return new Settlement(claim, verdict, nowMs, error, code, newAmbiguous, charged, dueAtMs, dueWasAsked, answer);
    }

    /** A copy whose due time was asked for by the other side, and so is kept as it is when the clock jumps. */
    public Settlement withAskedDueTime(boolean asked) {
        return new Settlement(claim, verdict, nowMs, error, code, ambiguous, charged, dueAtMs, asked, answer);
    }

    /** A copy with what the other side answered, to be kept; for DELIVERED. */
    public Settlement withAnswer(String newAnswer) {
        return new Settlement(claim, verdict, nowMs, error, code, ambiguous, charged, dueAtMs, dueWasAsked, newAnswer);
    }

    /** A copy that costs no attempt, as for an operation that expired. */
    public Settlement uncharged() {
        return new Settlement(claim, verdict, nowMs, error, code, ambiguous, false, dueAtMs, dueWasAsked, answer);
    }

    /** The claim that ended. */
    public Claim claim() {
        return claim;
    }

    /** What becomes of the operation. */
    public Verdict verdict() {
        return verdict;
    }

    /** When it ended. */
    public long nowMs() {
        return nowMs;
    }

    /** Why it failed or was released; empty if delivered. */
    public String error() {
        return error;
    }

    /** The machine-readable code, or empty. */
    public String code() {
        return code;
    }

    /** Whether the receiver may have applied the operation. */
    public boolean ambiguous() {
        return ambiguous;
    }

    /** Whether the operation's attempt count rises by one. */
    public boolean charged() {
        return charged;
    }

    /** When it may be tried again, for FAILED and RELEASED. */
    public long dueAtMs() {
        return dueAtMs;
    }

    /** Whether the due time was asked for rather than computed from a policy. */
    public boolean dueWasAsked() {
        return dueWasAsked;
    }

    /** What the other side answered beyond taking custody; empty if nothing. */
    public String answer() {
        return answer;
    }

    @Override
    public String toString() {
        return verdict + " " + claim + (error.isEmpty() ? "" : ": " + error);
    }
}
