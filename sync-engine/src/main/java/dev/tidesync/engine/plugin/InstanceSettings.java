package dev.tidesync.engine.plugin;

import dev.tidesync.spi.ConfigProblem;
import dev.tidesync.spi.ConfigValue;
import dev.tidesync.spi.KindPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What configuration says of one transport instance: two keys for the engine, the rest for the plugin.
 *
 * @param instance the instance's name
 * @param raw everything below {@code transports.<instance>.}
 */
record InstanceSettings(String instance, Map<String, String> raw) {
    private static final String PLUGIN = "plugin";
    private static final String KINDS = "kinds";

    /** Keys that every instance has and no plugin may declare. */
    static final Set<String> RESERVED_KEYS = Set.of(PLUGIN, KINDS);

    /** The plugin that makes the instance; unless it is said, the one of the same name. */
    String pluginId() {
        return raw.getOrDefault(PLUGIN, instance);
    }

    /** The prefixes to serve instead of those the plugin declares, if configuration names any. */
    Optional<List<String>> kinds() {
        return Optional.ofNullable(raw.get(KINDS)).map(ConfigValue::list);
    }

    /** The settings that are the plugin's. */
    Map<String, String> forPlugin() {
        Map<String, String> settings = new TreeMap<>(raw);
        settings.keySet().removeAll(RESERVED_KEYS);
        return settings;
    }

    List<ConfigProblem> problemsOfKinds() {
        List<ConfigProblem> problems = new ArrayList<>();
        for (String prefix : kinds().orElse(List.of())) {
            try {
                KindPrefix.require(prefix);
            } catch (IllegalArgumentException badShape) {
                problems.add(new ConfigProblem(key(KINDS), String.valueOf(badShape.getMessage())));
            }
        }
        return problems;
    }

    /** The full name of one of its keys. */
    String key(String name) {
        return "transports." + instance + "." + name;
    }
}
