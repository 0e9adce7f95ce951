package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;

/** What is known of one operation from outside the outbox: by the application, the receiver and the transport. */
final class Expectation {
    /** Whose the operation is. */
    enum Custody {
        /** The enqueue has not returned. */
        ASKED,
        /** The enqueue failed; only the next recovery can tell whether the operation is there. */
        IN_DOUBT,
        /** The outbox has said, or shown after a recovery, that it has it. */
        OUTBOX,
        /** A recovery came up without it, so it must never come back. */
        NOBODY
    }

    private final Operation submitted;
    private final boolean delayed;
    private int order;
    private Custody custody = Custody.ASKED;
    private Sight seen = Sight.NONE;
    private Sight durable = Sight.NONE;
    private int replays;
    private int sends;
    private int effects;
    private boolean toldDelivered;
    private boolean toldPermanent;
    private boolean cancelAsked;
    private boolean pruneAsked;
    private boolean settledFromOutside;
    private boolean refusedForGood;

    Expectation(Operation submitted, int order, long askedAtMs) {
        this.submitted = submitted;
        this.delayed = submitted.nextRetryAtMs() > askedAtMs;
        this.order = order;
    }

    String id() {
        return submitted.id();
    }

    Operation submitted() {
        return submitted;
    }

    Custody custody() {
        return custody;
    }

    void custody(Custody now) {
        custody = now;
    }

    boolean inOutbox() {
        return custody == Custody.OUTBOX;
    }

    /** Its place among all operations; in a lane, none with a higher one may be sent before it is final. */
    int order() {
        return order;
    }

    void replayAsked(int newOrder) {
        replays++;
        pruneAsked = false; // since it is still there
        order = newOrder;
        refusedForGood = false;
    }

    void cancelAsked() {
        cancelAsked = true;
    }

    void pruneAsked(OperationStatus status) {
        pruneAsked |= seen.status() == status;
    }

    boolean mayBePruned() {
        return pruneAsked;
    }

    /** Whether the application asked for a delay that has not passed; one that had passed at its enqueue is none. */
    boolean isDelayedBeyond(long nowMs) {
        return delayed && sends == 0 && replays == 0 && submitted.nextRetryAtMs() > nowMs;
    }

    int sends() {
        return sends;
    }

    void sent() {
        sends++;
    }

    int effects() {
        return effects;
    }

    void applied() {
        effects++;
    }

    void told(SendResult result) {
        toldDelivered |= result.ok();
        toldPermanent |= !result.ok() && !result.retryable();
    }

    /** Whether the engine was told, in this life of the process, that no further attempt can mend it. */
    boolean isRefusedForGood() {
        return refusedForGood;
    }

    void refusedForGood(boolean value) {
        refusedForGood = value;
    }

    boolean toldDelivered() {
        return toldDelivered;
    }

    /** Whether there was a reason to give up on it. */
    boolean mayBeBuried(Operation now, int maxAttempts, long latestMs) {
        boolean expired = submitted.expiresAtMs() > 0 && submitted.expiresAtMs() <= latestMs;
        return toldPermanent || cancelAsked || expired || now.attempt() >= maxAttempts;
    }

    Sight seen() {
        return seen;
    }

    Sight durable() {
        return durable;
    }

    int replays() {
        return replays;
    }

    void see(Operation now) {
        seen = new Sight(now.status(), now.attempt(), replays);
        settledFromOutside = false;
    }

    /** What was seen so far has been forced to disk. */
    void seenIsDurable() {
        durable = seen;
    }

    /** Somebody other than the engine reported the outcome of a claim. */
    void settledFromOutside() {
        settledFromOutside = true;
    }

    /** Whether a claim was given back since the last sight without anybody reporting its outcome. */
    boolean wasRequeuedBefore(Operation now) {
        return seen.status() == OperationStatus.IN_FLIGHT
                && seen.replays() == replays
                && !now.isInFlight()
                && !settledFromOutside;
    }
}
