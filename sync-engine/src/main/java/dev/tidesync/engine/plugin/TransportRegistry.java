package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.KindPrefix;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transports of an engine, and which of them serves which kind of operation. Safe for use by many threads. */
public final class TransportRegistry implements AutoCloseable {
    /** A plugin is asked to let go within a few seconds; all have this long together. */
    private static final Duration CLOSE_BOUND = Duration.ofSeconds(5);

    /** A plugin must not wait for the network when it starts, but may unpack libraries on a slow disk. */
    private static final Duration START_BOUND = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(TransportRegistry.class);

    private final RouteTable routes;
    private volatile List<PluginReport> reports;
    private final Map<String, TransportDescriptor> descriptors;
    private final List<ConfigProblem> settingProblems;
    private final Running running;
    private final Duration closeBound;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What a registry holds open.
     *
     * @param started the plugins' transports, in the order they were started
     * @param loaders the plugins' class loaders
     * @param watch what tells which plugin ends the process
     */
    private record Running(List<StartedTransport> started, List<PluginClassLoader> loaders, Optional<ExitWatch> watch) {
        static final Running NOTHING = new Running(List.of(), List.of(), Optional.empty());

        Running {
            started = List.copyOf(started);
            loaders = List.copyOf(loaders);
        }
    }

    private TransportRegistry(
            RouteTable routes,
            List<PluginReport> reports,
            Map<String, TransportDescriptor> descriptors,
            List<ConfigProblem> settingProblems,
            Running running,
            Duration closeBound) {
        this.routes = routes;
        this.reports = List.copyOf(reports);
        this.descriptors = Map.copyOf(descriptors);
        this.settingProblems = List.copyOf(settingProblems);
        this.running = running;
        this.closeBound = closeBound;
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
        return new TransportRegistry(
                new RouteTable(routes, Map.of(), Map.of()),
                List.of(),
                Map.of(),
                List.of(),
                Running.NOTHING,
                CLOSE_BOUND);
    }

    private static Route handedIn(String prefix, ISyncTransport transport) {
        return new Route(prefix, prefix.substring(0, prefix.length() - 1), transport);
    }

    /** A builder that finds plugins where it is told to look, and starts them. */
    public static Builder builder() {
        return new Builder();
    }

    /** The route with the longest prefix of this kind; empty if no transport serves it. Letter case matters. */
    public Optional<Route> route(String kind) {
        return routes.find(kind);
    }

    /** How the route of this kind is found: every prefix that is known, from the longest down. */
    public List<RouteStep> explain(String kind) {
        return routes.explain(kind);
    }

    /** All prefixes that have a route. */
    public SortedSet<String> prefixes() {
        return routes.prefixes();
    }

    /**
     * What has become of every plugin that was found or that configuration names, in the order of their names. One that
     * ran counts as failed once a class it needs turns out to be missing, and if it did not close.
     */
    public List<PluginReport> reports() {
        Map<String, PluginFailure> failures = new TreeMap<>();
        running.started()
                .forEach(transport -> transport
                        .transport()
                        .failure()
                        .ifPresent(failure -> failures.put(transport.instance(), failure)));
        return reports.stream()
                .map(report -> Optional.ofNullable(failures.get(report.instance()))
                        .map(report::failed)
                        .orElse(report))
                .toList();
    }

    /** What a plugin that was found says of itself, whether it runs or not; empty if none of this id was taken. */
    public Optional<TransportDescriptor> descriptor(String pluginId) {
        return Optional.ofNullable(descriptors.get(pluginId));
    }

    /** Everything that is wrong with the settings of transports and with routes, by full key. */
    public List<ConfigProblem> settingProblems() {
        return settingProblems;
    }

    /** What the counters of each running plugin instance stand at. */
    public SortedMap<String, SortedMap<String, Long>> metrics() {
        SortedMap<String, SortedMap<String, Long>> byInstance = new TreeMap<>();
        running.started()
                .forEach(transport ->
                        byInstance.put(transport.instance(), transport.metrics().snapshot()));
        return byInstance;
    }

    /** Why operations of this kind wait, and what a person can do; for kinds that {@link #route} has no route for. */
    public String noRouteReason(String kind) {
        String loaded = prefixes().isEmpty() ? "none" : String.join(", ", prefixes());
        return routes.closedReason(kind)
                .map(reason -> "no transport serves kind '" + kind + "': " + reason)
                .orElse("no transport serves kind '" + kind + "'; loaded prefixes: " + loaded
                        + "; drop its JAR into plugins/ and restart");
    }

    /**
     * Closes the plugins' transports, side by side, each whatever the others do. It takes 5 seconds at most: a
     * transport that has not closed by then is left behind, and {@link #reports} says so. Closing twice does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Closing closing = new Closing(closeBound);
        closing.closeAll(running.started());
        Set<String> leftBehind =
                closing.givenUp().stream().map(StartedTransport::instance).collect(Collectors.toSet());
        reports = reports.stream()
                .map(report -> leftBehind.contains(report.instance()) ? report.failed(closing.failure()) : report)
                .toList();
        Set<ClassLoader> inUse = closing.givenUp().stream()
                .map(transport -> transport.transport().loader())
                .collect(Collectors.toSet());
        closeLoaders(running.loaders().stream()
                .filter(loader -> !inUse.contains(loader))
                .toList());
        running.watch().ifPresent(ExitWatch::close);
    }

    private static void closeLoaders(List<PluginClassLoader> loaders) {
        for (PluginClassLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException failure) {
                LOG.warn("the JARs of {} could not be closed", loader.getName(), failure);
            }
        }
    }

    /** Finds and starts plugins. Not safe for use by several threads. */
    public static final class Builder {
        private final List<Consumer<PluginDiscovery>> sources = new ArrayList<>();
        private final Map<String, Map<String, String>> transports = new TreeMap<>();
        private final Map<String, String> routes = new TreeMap<>();
        private Path dataDirectory = Path.of(".tidesync");
        private InstantSource clock = InstantSource.system();
        private Duration startBound = START_BOUND;
        private Duration closeBound = CLOSE_BOUND;
        private Optional<Inbox> inbox = Optional.empty();
        private Optional<Enqueuer> outbox = Optional.empty();

        private Builder() {}

        /** How long each constructor, description and start of a plugin may take, and the closing of all. */
        Builder bounds(Duration start, Duration close) {
            this.startBound = start;
            this.closeBound = close;
            return this;
        }

        /** Takes the providers that this loader shows, such as all on the class path. */
        public Builder classPath(ClassLoader loader) {
            sources.add(discovery -> discovery.scanClassPath(loader));
            return this;
        }

        /**
         * Takes the plugins that lie in this folder: each folder in it, and each loose JAR, under a class loader of its
         * own. A folder that does not exist holds none.
         */
        public Builder pluginFolder(Path folder) {
            return pluginFolder(folder, PluginAdmission.everything());
        }

        /** As {@link #pluginFolder(Path)}, but only those plugins that are admitted. */
        public Builder pluginFolder(Path folder, PluginAdmission admission) {
            sources.add(discovery -> discovery.scanFolder(folder, admission));
            return this;
        }

        /** Takes one provider that the caller made. */
        public Builder provider(SyncTransportProvider provider) {
            sources.add(discovery -> discovery.add(provider));
            return this;
        }

        /**
         * The settings of one instance, as written below {@code transports.<name>.}. {@code plugin} names the plugin
         * that makes it (default: the one of the same name), {@code kinds} the prefixes it serves (default: for the
         * instance named like its plugin those the plugin declares, for others none).
         */
        public Builder instance(String name, Map<String, String> settings) {
            transports.put(name, Map.copyOf(settings));
            return this;
        }

        /** Sends operations whose kind begins with the prefix to this instance, whatever plugins declare. */
        public Builder route(String prefix, String instance) {
            routes.put(prefix, instance);
            return this;
        }

        /** Where instances keep data, each in {@code transports/<instance>}; default {@code .tidesync}. */
        public Builder dataDirectory(Path value) {
            this.dataDirectory = value;
            return this;
        }

        /** The clock that transports are given; default the system's. */
        public Builder clock(InstantSource value) {
            this.clock = value;
            return this;
        }

        /** Where transports hand in what they receive; default nowhere, so that none receives. */
        public Builder inbox(Inbox value) {
            this.inbox = Optional.of(value);
            return this;
        }

        /** Where transports enqueue what they take custody of for others; default nowhere, so that none does. */
        public Builder outbox(Enqueuer value) {
            this.outbox = Optional.of(value);
            return this;
        }

        /**
         * Starts every plugin that can be started. One that cannot is reported, and costs only itself: at most 30
         * seconds if its constructor, its {@code descriptor} or its {@code create} hangs.
         *
         * @throws IllegalStateException if two plugins have one id or an equal claim to a prefix; names both, where
         *     they were loaded from, and what to do
         */
        public TransportRegistry build() {
            PluginDiscovery discovery = new PluginDiscovery(startBound);
            ExitWatch watch = ExitWatch.start();
            try {
                sources.forEach(source -> source.accept(discovery));
                return start(discovery, watch);
            } catch (IllegalStateException ambiguous) {
                watch.close();
                closeLoaders(discovery.loaders());
                throw ambiguous;
            }
        }

        private TransportRegistry start(PluginDiscovery discovery, ExitWatch watch) {
            PluginCatalog catalog = discovery.catalog();
            InstancePlan plan = new InstancePlan(catalog, transports, routes);
            TransportStarter starter = new TransportStarter(dataDirectory, clock, startBound, inbox, outbox);
            starter.startAll(plan);
            List<PluginReport> reports = new ArrayList<>(catalog.refused());
            reports.addAll(plan.missing());
            reports.addAll(starter.reports());
            reports.sort(Comparator.comparing(PluginReport::id).thenComparing(PluginReport::instance));
            reports.forEach(Builder::log);
            List<ConfigProblem> problems = new ArrayList<>(plan.problems());
            problems.addAll(starter.problems());
            return new TransportRegistry(
                    starter.routeTable(),
                    reports,
                    catalog.descriptors(),
                    problems,
                    new Running(starter.started(), discovery.loaders(), Optional.of(watch)),
                    closeBound);
        }

        private static void log(PluginReport report) {
            if (report.broken()) {
                LOG.warn("plugin '{}' ({}) {}; {}", report.id(), report.location(), report.problem(), report.hint());
            } else {
                LOG.info("plugin '{}' {} serves {}", report.id(), report.state(), report.prefixes());
            }
        }
    }
}
