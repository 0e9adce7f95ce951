package dev.tidesync.engine.insight;

import java.util.Objects;

/**
 * One reason why an operation has not been delivered yet, or why it never will be.
 *
 * @param cause what it is, for programs
 * @param text what it is, for people; one sentence without a full stop
 * @param untilMs when it ends by itself, in wall-clock milliseconds; 0 if that is not known, or it does not
 */
public record WaitReason(Cause cause, String text, long untilMs) {
    /** What an operation may wait for. More may be added. */
    public enum Cause {
        /** Nothing: it was delivered. */
        DELIVERED,
        /** Nothing: it has failed for good, was cancelled or expired. */
        GIVEN_UP,
        /** The answer to a send that is under way. */
        BEING_SENT,
        /** An earlier operation of its lane. */
        LANE,
        /** Its due time: a delay that was asked for, or its next retry. */
        DUE_TIME,
        /** The disk. */
        DISK,
        /** Its burial: its expiry has passed. */
        EXPIRED,
        /** A transport that serves its kind. */
        TRANSPORT_MISSING,
        /** A transport that hangs. */
        TRANSPORT_PAUSED,
        /** The network. */
        OFFLINE,
        /** The end of a pause after failures of its destination. */
        DESTINATION_PAUSED,
        /** The one send that finds out whether its destination works again. */
        DESTINATION_PROBED,
        /** A place in the window of its destination. */
        WINDOW_FULL,
        /** A place among all sends under way, or a thread for one. */
        ENGINE_FULL,
        /** An engine that delivers. */
        NOT_RUNNING,
        /** Something that the engine did not say in time. */
        UNKNOWN,
        /** Its turn, which comes with one of the next steps. */
        ITS_TURN
    }

    /** Checks that nothing is absent. */
    public WaitReason {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(text, "text");
    }

    /** A reason that does not end by itself, or nobody knows when. */
    public static WaitReason of(Cause cause, String text) {
        return new WaitReason(cause, text, 0);
    }
}
