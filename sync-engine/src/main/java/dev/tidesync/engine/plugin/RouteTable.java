package dev.tidesync.engine.plugin;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the route with the longest prefix of a kind. Immutable.
 *
 * <p>A scan from the longest prefix down: with the handful of prefixes an engine has, it beats any map, and a single
 * {@code floorEntry} would be wrong ({@code http.a.} sorts between {@code http.} and {@code http.b.x}).
 *
 * <p>A prefix whose transport does not run keeps its place in the table, closed: its operations wait for that transport
 * and are not taken by one with a shorter prefix, which would send them elsewhere.
 */
final class RouteTable {
    private final List<Entry> longestFirst = new ArrayList<>();
    private final SortedSet<String> prefixes;

    /**
     * A table.
     *
     * @param routes the routes, no two of which have the same prefix
     * @param closed prefixes without a route, and why they have none
     * @param grounds who said that a route's prefix is its transport's, by prefix
     */
    RouteTable(Collection<Route> routes, Map<String, String> closed, Map<String, String> grounds) {
        SortedSet<String> open = new TreeSet<>();
        for (Route route : routes) {
            open.add(route.prefix());
            longestFirst.add(new Entry(route.prefix(), Optional.of(route), outcome(route, grounds)));
        }
        closed.forEach((prefix, reason) -> longestFirst.add(new Entry(prefix, Optional.empty(), reason)));
        longestFirst.sort(
                Comparator.comparingInt((Entry entry) -> entry.prefix().length())
                        .reversed());
        this.prefixes = Collections.unmodifiableSortedSet(open);
    }

    private static String outcome(Route route, Map<String, String> grounds) {
        return "transport '" + route.instance() + "', "
                + grounds.getOrDefault(route.prefix(), "handed in by the application");
    }

    /** How the route of this kind is found: every prefix, from the longest down. */
    List<RouteStep> explain(String kind) {
        Optional<Entry> decisive = longestMatch(kind);
        return longestFirst.stream()
                .map(entry -> new RouteStep(
                        entry.prefix(),
                        kind.startsWith(entry.prefix()),
                        decisive.filter(entry::equals).isPresent(),
                        entry.outcome()))
                .toList();
    }

    /** The route for this kind; letter case matters. */
    Optional<Route> find(String kind) {
        return longestMatch(kind).flatMap(Entry::route);
    }

    /** Why the prefix of this kind is closed; empty if it is open or unknown. */
    Optional<String> closedReason(String kind) {
        return longestMatch(kind).filter(entry -> entry.route().isEmpty()).map(Entry::outcome);
    }

    private Optional<Entry> longestMatch(String kind) {
        for (Entry entry : longestFirst) {
            if (kind.startsWith(entry.prefix())) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** The prefixes that have a route. */
    SortedSet<String> prefixes() {
        return prefixes;
    }

    private record Entry(String prefix, Optional<Route> route, String outcome) {}
}
