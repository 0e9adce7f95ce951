package dev.tidesync.engine.plugin;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds the route with the longest prefix of a kind. Immutable.
 *
 * <p>A scan from the longest prefix down: with the handful of prefixes an engine has, it beats any map, and a single
 * {@code floorEntry} would be wrong ({@code http.a.} sorts between {@code http.} and {@code http.b.x}).
 */
final class RouteTable {
    private final List<Route> longestFirst;
    private final SortedSet<String> prefixes;

    /** A table of routes, no two of which have the same prefix. */
    RouteTable(Collection<Route> routes) {
        this.longestFirst = routes.stream()
                .sorted(Comparator.comparingInt((Route route) -> route.prefix().length())
                        .reversed())
                .toList();
        SortedSet<String> sorted = new TreeSet<>();
        routes.forEach(route -> sorted.add(route.prefix()));
        this.prefixes = Collections.unmodifiableSortedSet(sorted);
    }

    /** The route for this kind; letter case matters. */
    Optional<Route> find(String kind) {
        for (Route route : longestFirst) {
            if (kind.startsWith(route.prefix())) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    SortedSet<String> prefixes() {
        return prefixes;
    }
}
