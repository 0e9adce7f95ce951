package dev.tidesync.engine;

import dev.tidesync.engine.plugin.Route;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.ClaimRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides, for one batch of claims, how much of each queue may be claimed: nothing without a route or to a paused
 * destination, and no more than the destination's window and the free threads take. What it grants to one queue it does
 * not grant to another of the same destination.
 *
 * <p><b>Threads:</b> confined to the step; asked under the store's lock, so it only computes.
 */
final class AdmissionGate implements ClaimRequest.Gate {
    private final TransportRegistry transports;
    private final Connectivity connectivity;
    private final Traffic traffic;
    private final long nowMs;
    private final Map<Destination.Key, Integer> granted = new HashMap<>();
    private int freeThreads;

    AdmissionGate(TransportRegistry transports, Connectivity connectivity, Traffic traffic, long nowMs) {
        this.transports = transports;
        this.connectivity = connectivity;
        this.traffic = traffic;
        this.nowMs = nowMs;
        this.freeThreads = traffic.freeThreads();
    }

    @Override
    public Admission admit(String kind, String destination) {
        Optional<Route> route = transports.route(kind);
        if (route.isEmpty()) {
            return Admission.hold(transports.noRouteReason(kind));
        }
        if (!connectivity.reaches(route.get())) {
            return Admission.upTo(0);
        }
        TransportLoad load = traffic.load(route.get());
        return load.isPaused() ? load.pausedAdmission() : admit(traffic.destination(route.get(), destination), load);
    }

    private Admission admit(Destination destination, TransportLoad load) {
        destination.wanted(nowMs);
        int before = granted.getOrDefault(destination.key(), 0);
        Admission wanted = destination.admit(load.window(), before, nowMs);
        if (wanted.limit() == 0) {
            return wanted;
        }
        int grant = load.mayBlock() ? Math.min(wanted.limit(), freeThreads) : wanted.limit();
        if (load.mayBlock()) {
            freeThreads -= grant;
        }
        granted.put(destination.key(), before + grant);
        return Admission.upTo(grant);
    }
}
