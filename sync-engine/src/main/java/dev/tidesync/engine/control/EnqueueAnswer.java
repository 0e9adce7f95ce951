package dev.tidesync.engine.control;

/**
 * What became of one operation that was handed over: its id, or why it was refused.
 *
 * @param id the id under which it is kept; empty if it was refused
 * @param problem why it was refused; empty if it is kept
 */
public record EnqueueAnswer(String id, String problem) {
    static EnqueueAnswer accepted(String id) {
        return new EnqueueAnswer(id, "");
    }

    static EnqueueAnswer refused(String problem) {
        return new EnqueueAnswer("", problem);
    }

    /** Whether the operation is kept. */
    public boolean isAccepted() {
        return problem.isEmpty();
    }
}
