package dev.tidesync.engine;

/**
 * How many sends a destination takes at a time, found out by trying: every answer adds to it, a failure of the
 * destination's own halves it (additive increase, multiplicative decrease: D. Chiu, R. Jain, "Analysis of the Increase
 * and Decrease Algorithms for Congestion Avoidance in Computer Networks", 1989). After an outage it begins with one,
 * and doubles with every round of answers up to half of what it was before (slow start: RFC 5681 section 3.1).
 *
 * <p>It begins open, so that a destination that never fails has its whole window. Failures of sends that began before
 * the last halving do not halve it again: they tell the same news. Confined to the step.
 */
final class SendLimit {
    /** Where it counts as open: wider than any window. */
    private static final double OPEN = Double.POSITIVE_INFINITY;

    private double limit = OPEN;
    private double slowStartUpTo;

    /** Whether the last send to begin left no room for another. */
    private boolean reached;

    /** The window at the last look. */
    private int window = 1;

    /** The number of the last send that had begun when it was halved. */
    private long halvedAtSend;

    /** What of a window may be used. */
    int within(int newWindow) {
        window = newWindow;
        if (limit >= newWindow) {
            limit = OPEN;
        }
        return isOpen() ? newWindow : (int) limit;
    }

    boolean isOpen() {
        return limit == OPEN;
    }

    /** A send, the {@code number}-th, ended with a failure of the destination; {@code begun} have begun by now. */
    void failed(long number, long begun) {
        if (number > halvedAtSend) {
            limit = Math.max(1, Math.min(limit, window) / 2);
            slowStartUpTo = limit;
            halvedAtSend = begun;
        }
    }

    /** A send has begun; so many are under way now. */
    void began(int running) {
        reached = running >= (int) limit;
    }

    /** The destination answered well; only a limit that is reached may grow. */
    void answered() {
        if (reached) {
            limit += limit < slowStartUpTo ? 1 : 1 / limit;
        }
    }

    /** The destination answers again after an outage, and may be on its knees still. */
    void startOver() {
        slowStartUpTo = Math.max(1, window / 2.0);
        limit = 1;
    }
}
