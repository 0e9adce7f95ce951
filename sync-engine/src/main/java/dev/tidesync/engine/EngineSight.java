package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.engine.insight.WaitReason.Cause;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the engine knows that keeps operations from being sent, for whoever asks: the same questions that
 * {@link AdmissionGate} decides by.
 *
 * <p><b>Threads:</b> confined to the step.
 */
final class EngineSight {
    private final TransportRegistry transports;
    private final Connectivity connectivity;
    private final Traffic traffic;

    EngineSight(TransportRegistry transports, Connectivity connectivity, Traffic traffic) {
        this.transports = transports;
        this.connectivity = connectivity;
        this.traffic = traffic;
    }

    EngineStatus status(boolean running, long nowMs) {
        return new EngineStatus(running, connectivity.online(), traffic.size(), traffic.destinationStatuses(nowMs));
    }

    /** What holds an operation besides what its store knows; empty if nothing does. */
    List<WaitReason> reasons(Standing standing, long nowMs) {
        Operation operation = standing.operation();
        return switch (standing.state()) {
            case READY -> obstacles(operation, true, nowMs);
            case NOT_DUE -> obstacles(operation, false, nowMs);
            case CLAIMED ->
                traffic.deadlineMs(operation.id(), nowMs).stream()
                        .mapToObj(deadlineMs -> new WaitReason(
                                Cause.BEING_SENT, "its transport has been called and has not answered yet", deadlineMs))
                        .toList();
            case FINAL, BEHIND, NOT_DURABLE -> List.of();
        };
    }

    /** {@code ready}: whether what passes within moments matters too. */
    private List<WaitReason> obstacles(Operation operation, boolean ready, long nowMs) {
        Optional<Route> route = transports.route(operation.kind());
        if (route.isEmpty()) {
            return List.of(WaitReason.of(Cause.TRANSPORT_MISSING, transports.noRouteReason(operation.kind())));
        }
        List<WaitReason> reasons = new ArrayList<>();
        if (connectivity.isKnownOffline(route.get())) {
            reasons.add(WaitReason.of(Cause.OFFLINE, "the network cannot be reached, says its probe"));
        }
        TransportLoad load = traffic.load(route.get());
        if (load.isPaused()) {
            reasons.add(
                    WaitReason.of(Cause.TRANSPORT_PAUSED, load.pausedAdmission().reason()));
        }
        DestinationStatus destination =
                traffic.destination(route.get(), operation.destination()).status(load.window(), nowMs);
        switch (destination.breaker()) {
            case OPEN -> reasons.add(paused(destination));
            case HALF_OPEN -> {
                if (ready && destination.inFlight() > 0) {
                    reasons.add(probed(destination));
                }
            }
            case CLOSED -> {
                if (ready && destination.inFlight() >= destination.window()) {
                    reasons.add(full(destination));
                }
            }
        }
        if (ready && (traffic.room() == 0 || (load.mayBlock() && traffic.freeThreads() == 0))) {
            reasons.add(WaitReason.of(
                    Cause.ENGINE_FULL, traffic.size() + " sends are under way in all, and there is no place for more"));
        }
        return reasons;
    }

    private static WaitReason paused(DestinationStatus destination) {
        return new WaitReason(
                Cause.DESTINATION_PAUSED,
                name(destination) + " is paused after " + destination.failuresInARow()
                        + " failures in a row, the last: " + destination.lastProblem(),
                destination.pausedUntilMs());
    }

    private static WaitReason probed(DestinationStatus destination) {
        return WaitReason.of(
                Cause.DESTINATION_PROBED,
                name(destination) + " was paused, the last failure: " + destination.lastProblem()
                        + "; one send at a time finds out whether it works again");
    }

    private static WaitReason full(DestinationStatus destination) {
        return WaitReason.of(
                Cause.WINDOW_FULL,
                destination.inFlight() + " of " + destination.window() + " sends that may be are under way to "
                        + name(destination));
    }

    private static String name(DestinationStatus destination) {
        return new Destination.Key(destination.instance(), destination.name()).toString();
    }
}
