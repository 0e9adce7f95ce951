package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A transport that may be started: a plugin, a name and settings.
 *
 * @param settings what configuration says of it
 * @param plugin the plugin that makes it
 * @param problems what is wrong with its settings
 */
record Instance(InstanceSettings settings, Plugin plugin, List<ConfigProblem> problems) {
    static Instance of(InstanceSettings settings, Plugin plugin) {
        List<ConfigProblem> problems = new ArrayList<>(settings.problemsOfKinds());
        for (ConfigProblem problem : plugin.descriptor().configSpec().validate(settings.forPlugin())) {
            problems.add(new ConfigProblem(settings.key(problem.key()), problem.message()));
        }
        return new Instance(settings, plugin, List.copyOf(problems));
    }

    String name() {
        return settings.instance();
    }

    /** Whether it needs settings and nobody has made any: a plugin that is merely there is no mistake. */
    boolean awaitsSettings() {
        return settings.raw().isEmpty() && !problems.isEmpty();
    }

    /** Whether somebody made settings that are wrong. */
    boolean misconfigured() {
        return !settings.raw().isEmpty() && !problems.isEmpty();
    }

    /** Whether configuration says which prefixes it serves. */
    boolean hasChosenPrefixes() {
        return settings.kinds().isPresent();
    }

    /** The prefixes it serves unless a route says otherwise: those chosen, or those its plugin declares. */
    Collection<String> prefixes() {
        return settings.kinds()
                .<Collection<String>>map(kinds -> kinds)
                .orElse(isPluginsOwn() ? declared(false) : List.of());
    }

    /** Prefixes that its plugin declares and that are kept for another. */
    Collection<String> deniedPrefixes() {
        return isPluginsOwn() ? declared(true) : List.of();
    }

    private Collection<String> declared(boolean denied) {
        return plugin.descriptor().kindPrefixes().stream()
                .filter(prefix -> ReservedPrefixes.denies(prefix, plugin.id()) == denied)
                .toList();
    }

    /** Whether it is the instance that each plugin has of itself; further ones must be told what to serve. */
    private boolean isPluginsOwn() {
        return name().equals(plugin.id());
    }

    String origin() {
        return isPluginsOwn() ? plugin.origin() : "instance '" + name() + "' of " + plugin.origin();
    }
}
