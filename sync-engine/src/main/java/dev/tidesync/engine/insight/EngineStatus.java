package dev.tidesync.engine.insight;

import java.util.List;

/**
 * How an engine stood at one moment.
 *
 * @param running whether it delivers in the background
 * @param online whether any route could be reached when the network was last asked after
 * @param inFlight how many sends were under way
 * @param destinations those that something went to, or that had failed, in the order of their names
 */
public record EngineStatus(boolean running, boolean online, int inFlight, List<DestinationStatus> destinations) {
    /** Nothing delivers. */
    public static final EngineStatus NONE = new EngineStatus(false, true, 0, List.of());

    /** Copies the list. */
    public EngineStatus {
        destinations = List.copyOf(destinations);
    }
}
