package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;

/**
 * How far an operation had come when it was looked at.
 *
 * @param replays how often a person had asked to replay it by then, since a replay starts it anew
 */
record Sight(OperationStatus status, int attempt, int replays) {
    static final Sight NONE = new Sight(OperationStatus.PENDING, 0, 0);

    /** Whether {@code later} can be what became of it: nothing final is taken back, and no attempt is forgotten. */
    boolean canBecome(Operation later, int replaysByThen) {
        if (replaysByThen != replays) {
            return true;
        }
        return switch (status) {
            case DONE -> later.isDone();
            case PERMANENT_FAILED -> later.isPermanentFailed() || later.isDone();
            case PENDING, IN_FLIGHT, FAILED -> later.attempt() >= attempt;
        };
    }
}
