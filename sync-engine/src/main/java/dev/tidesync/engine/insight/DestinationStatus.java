package dev.tidesync.engine.insight;

import java.util.Objects;

/**
 * How a destination stood at one moment: a transport instance and the place in it that operations go to.
 *
 * @param instance the transport instance
 * @param name the destination part of the target; empty for the transport's configured base
 * @param breaker whether operations may go there
 * @param pausedUntilMs when it may be tried again, if the breaker is open; 0 otherwise
 * @param failuresInARow how many of its own failures there were since it last answered well
 * @param lastProblem the code of the last of them, or its words if it had none; empty if there was none
 * @param inFlight how many sends were under way to it
 * @param window how many may be
 */
public record DestinationStatus(
        String instance,
        String name,
        Breaker breaker,
        long pausedUntilMs,
        int failuresInARow,
        String lastProblem,
        int inFlight,
        int window) {
    /** The state of a destination's circuit breaker (M. Nygard, "Release It!", 2007, section 5.2). */
    public enum Breaker {
        /** Operations go there. */
        CLOSED,
        /** Nothing goes there until the pause is over. */
        OPEN,
        /** The pause is over; one send at a time finds out whether it works again. */
        HALF_OPEN
    }

    /** Checks that nothing is absent. */
    public DestinationStatus {
        Objects.requireNonNull(instance, "instance");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(breaker, "breaker");
        Objects.requireNonNull(lastProblem, "lastProblem");
    }
}
