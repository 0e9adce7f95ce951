package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.Settings;
import dev.tidesync.spi.TransportConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the instances of a plan one by one and notes what became of each.
 *
 * <p>Confined to the thread that builds a registry.
 */
final class TransportStarter {
    private static final Logger LOG = LoggerFactory.getLogger(TransportStarter.class);

    private final Path dataDirectory;
    private final InstantSource clock;
    private final Duration bound;
    private final Optional<Inbox> inbox;
    private final Optional<Enqueuer> outbox;
    private final List<Route> routes = new ArrayList<>();
    private final Map<String, String> closed = new TreeMap<>();
    private final Map<String, String> grounds = new TreeMap<>();
    private final List<StartedTransport> started = new ArrayList<>();
    private final List<PluginReport> reports = new ArrayList<>();
    private final List<ConfigProblem> problems = new ArrayList<>();

    /** A starter for transports that keep their data below the given directory and start within the given time. */
    TransportStarter(
            Path dataDirectory, InstantSource clock, Duration bound, Optional<Inbox> inbox, Optional<Enqueuer> outbox) {
        this.dataDirectory = dataDirectory;
        this.clock = clock;
        this.bound = bound;
        this.inbox = inbox;
        this.outbox = outbox;
    }

    void startAll(InstancePlan plan) {
        closed.putAll(plan.unservable());
        grounds.putAll(plan.grounds());
        for (Instance instance : plan.instances()) {
            start(instance, plan.prefixesOf(instance), plan.deniedTo(instance));
        }
        routes.forEach(route -> closed.remove(route.prefix()));
    }

    private void start(Instance instance, Collection<String> prefixes, Collection<String> denied) {
        if (instance.misconfigured()) {
            refuse(instance, prefixes, PluginReport.State.REJECTED, wrongSettings(instance.problems()));
        } else if (instance.awaitsSettings()) {
            refuse(instance, instance.prefixes(), PluginReport.State.NOT_CONFIGURED, lacksSettings(instance));
        } else if (prefixes.isEmpty()) {
            refuse(
                    instance,
                    prefixes,
                    PluginReport.State.NOT_CONFIGURED,
                    denied.isEmpty() ? servesNothing(instance) : reserved(instance, denied));
        } else {
            create(instance, prefixes, oddity(instance, denied));
        }
    }

    private static Optional<PluginFailure> oddity(Instance instance, Collection<String> denied) {
        return denied.isEmpty() ? instance.plugin().candidate().warning() : Optional.of(reserved(instance, denied));
    }

    private void create(Instance instance, Collection<String> prefixes, Optional<PluginFailure> oddity) {
        CounterMetrics metrics = new CounterMetrics();
        ClassLoader loader = instance.plugin().candidate().loader();
        try {
            InstanceContext context = contextOf(instance, metrics);
            ISyncTransport made = BoundedCall.start(
                            "create",
                            instance.name(),
                            () -> ContextLoader.call(
                                    loader,
                                    () -> instance.plugin()
                                            .candidate()
                                            .provider()
                                            .create(context)))
                    .await(bound, late -> closeLate(instance, late, loader));
            serve(instance, prefixes, new StartedTransport(instance.name(), guard(instance, made, loader), metrics));
            reports.add(runs(instance, prefixes, oddity));
        } catch (TransportConfigException contradiction) {
            List<ConfigProblem> found = contradiction.problems().stream()
                    .map(problem -> new ConfigProblem(instance.settings().key(problem.key()), problem.message()))
                    .toList();
            problems.addAll(found);
            refuse(instance, prefixes, PluginReport.State.REJECTED, wrongSettings(found));
        } catch (Throwable failure) {
            PluginFailure.rethrowIfFatal(failure);
            refuse(instance, prefixes, PluginReport.State.FAILED, PluginFailure.of(failure));
        }
    }

    /** Nobody waits for this transport any more; on the thread that made it. */
    private static void closeLate(Instance instance, ISyncTransport made, ClassLoader loader) {
        try {
            guard(instance, made, loader).close();
        } catch (Throwable failure) {
            LOG.warn("transport '{}' came too late and failed to close", instance.name(), failure);
        }
    }

    private InstanceContext contextOf(Instance instance, CounterMetrics metrics) throws TransportConfigException {
        return new InstanceContext(
                instance.name(),
                Settings.of(
                        instance.plugin().descriptor().configSpec(),
                        instance.settings().forPlugin()),
                clock,
                dataDirectory.resolve("transports").resolve(instance.name()),
                metrics,
                EngineVersion.VERSION,
                inbox.map(one ->
                        new PluginInbox(one, instance.plugin().candidate().loader())),
                outbox);
    }

    @SuppressWarnings("ConstantValue") // a plugin may break its contract and answer null
    private static PluginTransport guard(Instance instance, ISyncTransport made, ClassLoader loader) {
        if (made == null) {
            throw new IllegalStateException("create answered null");
        }
        return new PluginTransport(instance.name(), made, loader);
    }

    private void serve(Instance instance, Collection<String> prefixes, StartedTransport transport) {
        started.add(transport);
        prefixes.forEach(prefix -> routes.add(new Route(prefix, instance.name(), transport.transport())));
    }

    private static PluginReport runs(Instance instance, Collection<String> prefixes, Optional<PluginFailure> oddity) {
        return instance.plugin()
                .report(
                        instance.name(),
                        prefixes,
                        PluginReport.State.READY,
                        oddity.map(PluginFailure::problem).orElse(""),
                        oddity.map(PluginFailure::hint).orElse(""));
    }

    private void refuse(
            Instance instance, Collection<String> prefixes, PluginReport.State state, PluginFailure failure) {
        String reason = "transport '" + instance.name() + "' " + failure.problem() + "; " + failure.hint();
        prefixes.forEach(prefix -> closed.putIfAbsent(prefix, reason));
        reports.add(instance.plugin().report(instance.name(), prefixes, state, failure.problem(), failure.hint()));
    }

    private static PluginFailure wrongSettings(List<ConfigProblem> problems) {
        return new PluginFailure(
                "has wrong settings: " + joined(problems), "mend them in the configuration and restart");
    }

    private static PluginFailure lacksSettings(Instance instance) {
        return new PluginFailure(
                "is not configured: " + joined(instance.problems()), "set them in the configuration and restart");
    }

    private static PluginFailure servesNothing(Instance instance) {
        return new PluginFailure(
                "is given no kind prefix to serve",
                "set " + instance.settings().key("kinds") + " or routes.<prefix>=" + instance.name());
    }

    private static PluginFailure reserved(Instance instance, Collection<String> denied) {
        String prefix = denied.iterator().next();
        return new PluginFailure(
                "declares " + String.join(", ", denied) + ", which is kept for the plugin '"
                        + ReservedPrefixes.owner(prefix) + "'",
                "set routes." + prefix + "=" + instance.name() + " if it shall serve that");
    }

    private static String joined(List<ConfigProblem> problems) {
        return problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("; "));
    }

    RouteTable routeTable() {
        return new RouteTable(routes, closed, grounds);
    }

    /** What runs, in the order it was started. */
    List<StartedTransport> started() {
        return started;
    }

    List<PluginReport> reports() {
        return reports;
    }

    /** Contradictions in settings that only the plugin itself could see. */
    List<ConfigProblem> problems() {
        return problems;
    }
}
