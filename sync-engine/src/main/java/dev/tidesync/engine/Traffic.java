package dev.tidesync.engine;

import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.spi.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The sends under way, and the destinations and transports that they occupy.
 *
 * <p><b>Threads:</b> confined to the step.
 */
final class Traffic {
    /** Often enough for a list that grows by failures only; seldom enough to cost nothing. */
    private static final long SWEEP_INTERVAL_MS = 1_000;

    private final SyncEngine.Config config;
    private final RetryPolicy retry;
    private final SendThreads threads;
    private final Callers callers;
    private final Map<Destination.Key, Destination> destinations = new HashMap<>();
    private final Map<String, TransportLoad> loads = new HashMap<>();

    /** In the order they began, and so of their deadlines. */
    private final Set<Delivery> running = new LinkedHashSet<>();

    /** Those of this step, whose transports are still to be called. */
    private final List<Delivery> added = new ArrayList<>();

    private long sweptAtMs;

    Traffic(SyncEngine.Config config, RetryPolicy retry, SendThreads threads, Callers callers) {
        this.config = config;
        this.retry = retry;
        this.threads = threads;
        this.callers = callers;
    }

    /** Adds what was claimed to the traffic; {@link #callTransports} starts to send it. */
    void add(Claim claim, Route route, long nowMs, Consumer<Outcome> outcomes) {
        Destination destination = destination(route, claim.operation().destination());
        destinations.putIfAbsent(destination.key(), destination);
        destination.wanted(nowMs);
        destination.sendStarted();
        Delivery delivery = new Delivery(claim, route, destination, load(route), config.sendTimeout(), outcomes);
        running.add(delivery);
        added.add(delivery);
    }

    /** Starts to send what was added, in that order. Never throws. */
    void callTransports() {
        callers.run(added.stream().map(Delivery::call).toList());
        added.forEach(delivery -> delivery.load().sendStarted());
        added.clear();
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

    /** Forgets the failures of destinations that nothing goes to any more, so that they do not pile up. */
    void forgetDeserted(long nowMs) {
        if (Math.abs(nowMs - sweptAtMs) < SWEEP_INTERVAL_MS) {
            return;
        }
        sweptAtMs = nowMs;
        destinations.values().removeIf(destination -> destination.isDeserted(nowMs));
    }

    /** How many destinations it remembers. */
    int destinations() {
        return destinations.size();
    }

    /** How each of them stands, in the order of their names. */
    List<DestinationStatus> destinationStatuses(long nowMs) {
        return destinations.values().stream()
                .map(destination -> destination.status(windowOf(destination), nowMs))
                .sorted(Comparator.comparing(DestinationStatus::instance).thenComparing(DestinationStatus::name))
                .toList();
    }

    private int windowOf(Destination destination) {
        return load(destination.key().instance()).window();
    }

    /** When the send of an operation must have ended; empty if there is none under way. */
    OptionalLong deadlineMs(String id, long nowMs) {
        return running.stream()
                .filter(delivery -> delivery.operation().id().equals(id))
                .mapToLong(delivery -> nowMs + TimeUnit.NANOSECONDS.toMillis(delivery.nanosLeft()))
                .findFirst();
    }

    /** Takes the sends whose deadline has passed out of the traffic, and cancels them. */
    List<Delivery> abandonOverdue() {
        List<Delivery> overdue = running.stream()
                .takeWhile(delivery -> delivery.nanosLeft() <= 0)
                .toList();
        abandon(overdue);
        return overdue;
    }

    /** Takes all sends out of the traffic, and cancels them. */
    List<Delivery> abandonAll() {
        List<Delivery> all = List.copyOf(running);
        abandon(all);
        return all;
    }

    private void abandon(List<Delivery> deliveries) {
        deliveries.forEach(this::ended);
        callers.run(deliveries.stream()
                .map(Delivery::abandon)
                .flatMap(Optional::stream)
                .toList());
        deliveries.forEach(delivery -> delivery.load().abandoned(delivery));
    }

    /** The destination of this name; a new one is not remembered before it is sent to. */
    Destination destination(Route route, String name) {
        Destination.Key key = new Destination.Key(route.instance(), name);
        Destination known = destinations.get(key);
        return known == null ? new Destination(key, retry) : known;
    }

    TransportLoad load(Route route) {
        return load(route.instance());
    }

    private TransportLoad load(String instance) {
        return loads.computeIfAbsent(instance, unseen -> new TransportLoad(unseen, config, threads));
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
