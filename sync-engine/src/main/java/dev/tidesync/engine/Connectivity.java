package dev.tidesync.engine;

import dev.tidesync.engine.plugin.Route;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which routes can be reached, by the engine's network probe and by those that routes have of their own.
 *
 * <p>Checks run on an executor: the caller's thread for a tick, another for the engine's loop, so that a slow check
 * holds nothing up. Until its answer is there, the last one stands.
 *
 * <p><b>Threads:</b> confined to the step, but for the checks.
 */
final class Connectivity {
    private static final Logger log = LoggerFactory.getLogger(Connectivity.class);

    private final NetworkProbe general;
    private final Map<String, NetworkProbe> byPrefix;
    private final Set<NetworkProbe> probes = new LinkedHashSet<>();
    private final Set<NetworkProbe> beingAsked = ConcurrentHashMap.newKeySet();
    private final Runnable wake;
    private Executor checks = Runnable::run;
    private boolean online = true;

    Connectivity(NetworkProbe general, Map<String, NetworkProbe> byPrefix, Runnable wake) {
        this.general = general;
        this.byPrefix = byPrefix;
        this.wake = wake;
        probes.add(general);
        probes.addAll(byPrefix.values());
    }

    /** Where checks run from now on. */
    void checkOn(Executor executor) {
        this.checks = executor;
    }

    /** Asks the probes whose answers are stale; true if any route may be reached. */
    boolean refresh(long nowMs) {
        probes.stream().filter(probe -> probe.isStale(nowMs)).forEach(probe -> ask(probe, nowMs));
        boolean nowOnline = probes.stream().anyMatch(NetworkProbe::lastKnownOnline);
        if (nowOnline != online) {
            log.info(nowOnline ? "online again" : "offline: nothing is attempted until the network is back");
        }
        online = nowOnline;
        return online;
    }

    private void ask(NetworkProbe probe, long nowMs) {
        if (!beingAsked.add(probe)) {
            return;
        }
        try {
            checks.execute(() -> check(probe, nowMs));
        } catch (RejectedExecutionException busy) {
            beingAsked.remove(probe);
            log.debug("network check put off", busy);
        }
    }

    private void check(NetworkProbe probe, long nowMs) {
        try {
            probe.refresh(nowMs);
        } finally {
            beingAsked.remove(probe);
            wake.run();
        }
    }

    /** Whether any route could be reached when this was last refreshed. */
    boolean online() {
        return online;
    }

    /** Whether the route could be reached when its probe last answered. */
    boolean reaches(Route route) {
        return probeOf(route).lastKnownOnline();
    }

    /** Whether its probe has said that the route cannot be reached. */
    boolean isKnownOffline(Route route) {
        return probeOf(route).lastKnownOffline();
    }

    private NetworkProbe probeOf(Route route) {
        return byPrefix.getOrDefault(route.prefix(), general);
    }
}
