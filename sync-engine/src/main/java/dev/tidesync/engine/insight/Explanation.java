package dev.tidesync.engine.insight;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.WaitReason.Cause;
import dev.tidesync.spi.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why an operation has not been delivered, or what became of it.
 *
 * @param standing where it stands in its store, and what has happened to it
 * @param reasons what it waits for, all at once, the decisive one first; never empty
 */
public record Explanation(Standing standing, List<WaitReason> reasons) {
    /** Copies the list. */
    public Explanation {
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("an explanation must have a reason");
        }
    }

    /** What the store alone knows at a time. */
    public static Explanation of(Standing standing, long nowMs) {
        return new Explanation(
                standing,
                List.of(fromStore(standing, nowMs).orElseGet(() -> WaitReason.of(Cause.ITS_TURN, "it is ready"))));
    }

    /** The same with what an engine knows besides; what holds longest is decisive, and no known end is longest. */
    public Explanation with(List<WaitReason> fromEngine) {
        List<WaitReason> all = new ArrayList<>(reasons);
        all.addAll(fromEngine);
        if (all.size() > 1) {
            all.removeIf(reason -> reason.cause() == Cause.ITS_TURN);
        }
        all.sort(Comparator.comparingLong(Explanation::end).reversed());
        return new Explanation(standing, all);
    }

    private static long end(WaitReason reason) {
        return reason.untilMs() == 0 ? Long.MAX_VALUE : reason.untilMs();
    }

    /** The decisive reason. */
    public WaitReason reason() {
        return reasons.get(0);
    }

    private static Optional<WaitReason> fromStore(Standing standing, long nowMs) {
        Operation operation = standing.operation();
        return switch (standing.state()) {
            case FINAL -> Optional.of(ended(operation));
            case CLAIMED -> Optional.of(claimed(standing));
            case BEHIND -> Optional.of(behind(standing));
            case NOT_DUE -> Optional.of(notDue(operation));
            case NOT_DURABLE ->
                Optional.of(WaitReason.of(Cause.DISK, "what brought it here has not been forced to disk yet"));
            case READY -> expired(operation, nowMs);
        };
    }

    private static WaitReason ended(Operation operation) {
        return operation.isDone()
                ? WaitReason.of(Cause.DELIVERED, "it was delivered at " + time(operation.updatedAtMs()))
                : WaitReason.of(
                        Cause.GIVEN_UP,
                        "it was given up at " + time(operation.updatedAtMs()) + ": " + operation.lastError());
    }

    private static WaitReason claimed(Standing standing) {
        String owner = standing.claimOwner().isEmpty() ? "" : " by " + standing.claimOwner();
        return WaitReason.of(
                Cause.BEING_SENT,
                "it was claimed" + owner + " at " + time(standing.operation().updatedAtMs()) + " and is being sent");
    }

    private static WaitReason behind(Standing standing) {
        boolean more = standing.aheadInLane() == Standing.MOST_COUNTED;
        return WaitReason.of(
                Cause.LANE,
                "it is number " + (standing.aheadInLane() + 1) + (more ? " or later" : "") + " in lane '"
                        + standing.operation().orderingKey() + "', whose first, " + standing.laneHeadId()
                        + ", has to end before the next one goes");
    }

    private static WaitReason notDue(Operation operation) {
        String what = operation.isPending() && operation.lastError().isEmpty()
                ? "it was enqueued with a delay, until "
                : "its next attempt is due at ";
        return new WaitReason(Cause.DUE_TIME, what + time(operation.nextRetryAtMs()), operation.nextRetryAtMs());
    }

    private static Optional<WaitReason> expired(Operation operation, long nowMs) {
        return operation.expiresAtMs() > 0 && operation.expiresAtMs() <= nowMs
                ? Optional.of(WaitReason.of(
                        Cause.EXPIRED,
                        "it expired at " + time(operation.expiresAtMs()) + " and will not be sent any more"))
                : Optional.empty();
    }

    private static String time(long ms) {
        return Instant.ofEpochMilli(ms).toString();
    }
}
