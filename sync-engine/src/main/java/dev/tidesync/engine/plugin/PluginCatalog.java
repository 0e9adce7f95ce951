package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.TransportDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The plugins that were found and that this engine takes, by id, and reports on those it does not take.
 *
 * <p>Confined to the thread that builds a registry.
 */
final class PluginCatalog {
    private final Map<String, Plugin> plugins = new TreeMap<>();
    private final List<PluginReport> refused;
    private final Duration bound;

    private PluginCatalog(List<PluginReport> unloadable, Duration bound) {
        this.refused = new ArrayList<>(unloadable);
        this.bound = bound;
    }

    /**
     * Asks each candidate for its descriptor and checks that.
     *
     * @param bound how long each may take to answer
     * @throws IllegalStateException if two plugins have one id; names both classes and both locations
     */
    static PluginCatalog of(List<Candidate> candidates, List<PluginReport> unloadable, Duration bound) {
        PluginCatalog catalog = new PluginCatalog(unloadable, bound);
        candidates.forEach(catalog::examine);
        return catalog;
    }

    private void examine(Candidate candidate) {
        TransportDescriptor descriptor;
        try {
            descriptor = BoundedCall.start(
                            "descriptor",
                            candidate.provider().getClass().getSimpleName(),
                            () -> ContextLoader.call(candidate.loader(), candidate.provider()::descriptor))
                    .await(bound, answeredLate -> {});
        } catch (Throwable failure) {
            PluginFailure.rethrowIfFatal(failure);
            refused.add(
                    PluginReport.unloadable(candidate.className(), candidate.location(), PluginFailure.of(failure)));
            return;
        }
        take(candidate, descriptor);
    }

    @SuppressWarnings("ConstantValue") // a plugin may break its contract and answer null
    private void take(Candidate candidate, TransportDescriptor descriptor) {
        if (descriptor == null) {
            refused.add(PluginReport.unloadable(
                    candidate.className(),
                    candidate.location(),
                    new PluginFailure("answers null for its descriptor", "report it to the plugin's author")));
            return;
        }
        Plugin plugin = new Plugin(descriptor, candidate);
        Optional<PluginFailure> objection = objectionTo(descriptor);
        if (objection.isPresent()) {
            refused.add(plugin.report(
                    "",
                    descriptor.kindPrefixes(),
                    PluginReport.State.REJECTED,
                    objection.get().problem(),
                    objection.get().hint()));
            return;
        }
        Plugin namesake = plugins.putIfAbsent(descriptor.id(), plugin);
        if (namesake != null) {
            throw new IllegalStateException("two plugins have the id '" + plugin.id() + "': " + namesake.origin()
                    + " and " + plugin.origin() + "; remove one");
        }
    }

    private static Optional<PluginFailure> objectionTo(TransportDescriptor descriptor) {
        int level = descriptor.spiLevel();
        if (level > SyncSpi.LEVEL) {
            return Optional.of(new PluginFailure(levelProblem(level), "upgrade Tidesync, or install an older plugin"));
        }
        if (level < SyncSpi.MIN_SUPPORTED) {
            return Optional.of(new PluginFailure(levelProblem(level), "install a newer version of the plugin"));
        }
        return descriptor.configSpec().keys().stream()
                .map(ConfigKey::name)
                .filter(InstanceSettings.RESERVED_KEYS::contains)
                .findFirst()
                .map(key -> new PluginFailure(
                        "declares the config key '" + key + "', which is the engine's own",
                        "report it to the plugin's author"));
    }

    private static String levelProblem(int level) {
        return "is built for SPI level " + level + ", but this engine serves levels " + SyncSpi.MIN_SUPPORTED + " to "
                + SyncSpi.LEVEL;
    }

    Collection<Plugin> plugins() {
        return plugins.values();
    }

    Optional<Plugin> find(String id) {
        return Optional.ofNullable(plugins.get(id));
    }

    Collection<String> ids() {
        return plugins.keySet();
    }

    /** What each says of itself, by id. */
    Map<String, TransportDescriptor> descriptors() {
        Map<String, TransportDescriptor> descriptors = new TreeMap<>();
        plugins.forEach((id, plugin) -> descriptors.put(id, plugin.descriptor()));
        return descriptors;
    }

    /** Whether a plugin of this id was found and not taken. */
    boolean refuses(String id) {
        return refused.stream().anyMatch(report -> report.id().equals(id));
    }

    List<PluginReport> refused() {
        return refused;
    }
}
