package dev.tidesync.engine;

import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.spi.Claim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The sends under way, and the destinations and transports that they occupy.
 *
 * <p><b>Threads:</b> confined to the step.
 */
final class Traffic {
    private final SyncEngine.Config config;
    private final RetryPolicy retry;
    private final SendThreads threads;
    private final Map<Destination.Key, Destination> destinations = new HashMap<>();
    private final Map<String, TransportLoad> loads = new HashMap<>();

    /** In the order they began, and so of their deadlines. */
    private final Set<Delivery> running = new LinkedHashSet<>();

    Traffic(SyncEngine.Config config, RetryPolicy retry, SendThreads threads) {
        this.config = config;
        this.retry = retry;
        this.threads = threads;
    }

    /** Starts to send what was claimed. Never throws. */
    void send(Claim claim, Route route, Consumer<Outcome> outcomes) {
        Destination destination = destination(route, claim.operation().destination());
        destinations.putIfAbsent(destination.key(), destination);
        TransportLoad load = load(route);
        Delivery delivery = new Delivery(claim, route, destination, load, config.sendTimeout(), outcomes);
        running.add(delivery);
        destination.sendStarted();
        delivery.start();
        load.sendStarted();
    }

    /** A send is over, or is no longer waited for. */
    void ended(Delivery delivery) {
        running.remove(delivery);
        Destination destination = delivery.destination();
        destination.sendEnded();
        if (destination.isForgettable()) {
            destinations.remove(destination.key(), destination);
        }
    }

    /** Takes the sends whose deadline has passed out of the traffic, and cancels them. */
    List<Delivery> abandonOverdue() {
        List<Delivery> overdue = running.stream()
                .takeWhile(delivery -> delivery.nanosLeft() <= 0)
                .toList();
        overdue.forEach(this::abandon);
        return overdue;
    }

    /** Takes all sends out of the traffic, and cancels them. */
    List<Delivery> abandonAll() {
        List<Delivery> all = List.copyOf(running);
        all.forEach(this::abandon);
        return all;
    }

    private void abandon(Delivery delivery) {
        ended(delivery);
        delivery.abandon();
        delivery.load().abandoned(delivery);
    }

    /** The destination of this name; a new one is not remembered before it is sent to. */
    Destination destination(Route route, String name) {
        Destination.Key key = new Destination.Key(route.instance(), name);
        Destination known = destinations.get(key);
        return known == null ? new Destination(key, retry) : known;
    }

    TransportLoad load(Route route) {
        return loads.computeIfAbsent(route.instance(), instance -> new TransportLoad(instance, config, threads));
    }

    /** The claims of all sends under way. */
    List<Claim> claims() {
        List<Claim> claims = new ArrayList<>(running.size());
        running.forEach(delivery -> claims.add(delivery.claim()));
        return claims;
    }

    int size() {
        return running.size();
    }

    /** How many sends may be added, over all destinations. */
    int room() {
        return Math.max(0, config.maxInFlight() - running.size());
    }

    int freeThreads() {
        return threads.free();
    }

    /** How long until the first deadline of a send under way; {@code Long.MAX_VALUE} if there is none. */
    long nanosToNextDeadline() {
        return running.stream().findFirst().map(Delivery::nanosLeft).orElse(Long.MAX_VALUE);
    }

    /** How long until the first paused destination may be tried again; {@code Long.MAX_VALUE} if none is paused. */
    long msToNextPauseEnd(long nowMs) {
        return destinations.values().stream()
                .mapToLong(destination -> destination.pauseLeftMs(nowMs))
                .filter(left -> left > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
