package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigKey;
import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.ConfigSpec;
import dev.tidesync.spi.ConfigType;
import dev.tidesync.spi.KindPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which instances there are to be and which prefixes are theirs, from the plugins that were found and what
 * configuration says.
 *
 * <p>Confined to the thread that builds a registry.
 */
final class InstancePlan {
    private final PluginCatalog catalog;
    private final Map<String, Instance> instances = new TreeMap<>();
    private final Map<String, String> unservable = new TreeMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private final List<PluginReport> missing = new ArrayList<>();
    private final Set<String> routed;
    private final Map<String, Instance> owners;

    /**
     * Makes the plan.
     *
     * @param transports settings by instance, as written below {@code transports.}
     * @param routes instance by prefix, as written below {@code routes.}
     * @throws IllegalStateException if two instances have an equal claim to a prefix
     */
    InstancePlan(PluginCatalog catalog, Map<String, Map<String, String>> transports, Map<String, String> routes) {
        this.catalog = catalog;
        catalog.plugins().stream()
                .filter(plugin -> !transports.containsKey(plugin.id()))
                .forEach(plugin -> add(new InstanceSettings(plugin.id(), Map.of()), plugin));
        transports.forEach((name, raw) -> addConfigured(new InstanceSettings(name, raw)));
        Map<String, Instance> resolved = resolve(routes);
        this.routed = resolved.keySet();
        this.owners = PrefixOwners.decide(resolved, instances.values());
    }

    private void addConfigured(InstanceSettings settings) {
        Optional<Plugin> plugin = catalog.find(settings.pluginId());
        if (plugin.isPresent()) {
            add(settings, plugin.get());
        } else {
            lack(settings.pluginId(), "transports." + settings.instance(), catalog.ids());
            settings.kinds()
                    .orElse(List.of())
                    .forEach(prefix -> unservable.put(prefix, "plugin '" + settings.pluginId() + "' was not found"));
        }
    }

    private void add(InstanceSettings settings, Plugin plugin) {
        Instance instance = Instance.of(settings, plugin);
        instances.put(instance.name(), instance);
        if (instance.misconfigured()) {
            problems.addAll(instance.problems());
        }
    }

    private Map<String, Instance> resolve(Map<String, String> routes) {
        Map<String, Instance> resolved = new TreeMap<>();
        routes.forEach((prefix, name) -> {
            try {
                KindPrefix.require(prefix);
            } catch (IllegalArgumentException badShape) {
                problems.add(new ConfigProblem("routes." + prefix, String.valueOf(badShape.getMessage())));
                return;
            }
            Instance instance = instances.get(name);
            if (instance != null) {
                resolved.put(prefix, instance);
            } else {
                lack(name, "routes." + prefix, instances.keySet());
                unservable.put(prefix, "transport '" + name + "' was not found");
            }
        });
        return resolved;
    }

    /** A name that is nearly a known one is a slip of the pen; any other is a plugin that is yet to be installed. */
    private void lack(String name, String key, Collection<String> known) {
        Optional<String> meant = nearest(name, known);
        if (meant.isPresent()) {
            problems.add(new ConfigProblem(
                    key, "no transport '" + name + "' was found; did you mean '" + meant.get() + "'?"));
        } else if (!catalog.refuses(name)
                && missing.stream().noneMatch(report -> report.id().equals(name))) {
            String found = known.isEmpty() ? "none" : String.join(", ", known);
            missing.add(PluginReport.unloadable(
                    name,
                    "",
                    new PluginFailure(
                            "was not found, but " + key + " names it; found: " + found,
                            "drop its JAR into plugins/ and restart, or remove the setting")));
        }
    }

    private static Optional<String> nearest(String name, Collection<String> known) {
        ConfigSpec.Builder names = ConfigSpec.builder();
        known.forEach(each -> names.key(ConfigKey.of(each, ConfigType.TEXT, each)));
        return names.build().nearest(name);
    }

    Collection<Instance> instances() {
        return instances.values();
    }

    /** The prefixes whose operations this instance gets. */
    Collection<String> prefixesOf(Instance instance) {
        Collection<String> owned = new TreeSet<>();
        owners.forEach((prefix, owner) -> {
            if (owner.equals(instance)) {
                owned.add(prefix);
            }
        });
        return owned;
    }

    /** Who said that a prefix is its owner's, by prefix. */
    Map<String, String> grounds() {
        Map<String, String> grounds = new TreeMap<>();
        owners.forEach((prefix, owner) -> grounds.put(prefix, groundOf(prefix, owner)));
        return grounds;
    }

    private String groundOf(String prefix, Instance owner) {
        if (routed.contains(prefix)) {
            return "by routes." + prefix + "=" + owner.name();
        }
        return owner.hasChosenPrefixes()
                ? "by " + owner.settings().key("kinds")
                : "as the plugin '" + owner.plugin().id() + "' declares";
    }

    /** Prefixes that an instance's plugin declares, that are kept for another and that it was not given. */
    Collection<String> deniedTo(Instance instance) {
        Collection<String> denied = new TreeSet<>(instance.deniedPrefixes());
        denied.removeAll(prefixesOf(instance));
        return denied;
    }

    /** Prefixes that configuration gives to something that is not there, each with the reason. */
    Map<String, String> unservable() {
        return unservable;
    }

    /** Everything that is wrong with the settings of transports and with routes. */
    List<ConfigProblem> problems() {
        return problems;
    }

    /** Reports on plugins that configuration names and that are not there. */
    List<PluginReport> missing() {
        return missing;
    }
}
