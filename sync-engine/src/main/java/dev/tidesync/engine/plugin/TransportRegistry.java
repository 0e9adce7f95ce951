package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.KindPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** The transports of an engine, and which of them serves which kind of operation. Safe for use by many threads. */
public final class TransportRegistry implements AutoCloseable {
    private final RouteTable routes;

    private TransportRegistry(RouteTable routes) {
        this.routes = routes;
    }

    /**
     * A registry of one transport, which stays the caller's to close.
     *
     * @throws IllegalArgumentException if the prefix is not made of lower-case segments that each end in a dot
     */
    public static TransportRegistry of(String prefix, ISyncTransport transport) {
        return of(Map.of(prefix, transport));
    }

    /**
     * A registry of transports by kind prefix; they stay the caller's to close.
     *
     * @throws IllegalArgumentException if a prefix is not made of lower-case segments that each end in a dot
     */
    public static TransportRegistry of(Map<String, ISyncTransport> transports) {
        List<Route> routes = transports.entrySet().stream()
                .map(entry -> handedIn(KindPrefix.require(entry.getKey()), entry.getValue()))
                .toList();
        return new TransportRegistry(new RouteTable(routes));
    }

    private static Route handedIn(String prefix, ISyncTransport transport) {
        return new Route(prefix, prefix.substring(0, prefix.length() - 1), transport);
    }

    /** The route with the longest prefix of this kind; empty if no transport serves it. Letter case matters. */
    public Optional<Route> route(String kind) {
        return routes.find(kind);
    }

    /** All prefixes that have a route. */
    public SortedSet<String> prefixes() {
        return routes.prefixes();
    }

    /** Why operations of this kind wait, and what a person can do; for kinds that {@link #route} knows nothing of. */
    public String noRouteReason(String kind) {
        String loaded = prefixes().isEmpty() ? "none" : String.join(", ", prefixes());
        return "no transport serves kind '" + kind + "'; loaded prefixes: " + loaded
                + "; drop its JAR into plugins/ and restart";
    }

    @Override
    public void close() {}
}
