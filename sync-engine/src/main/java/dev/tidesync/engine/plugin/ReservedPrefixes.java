package dev.tidesync.engine.plugin;

import java.util.Set;

/**
 * The prefixes that the transports of the bundle are known by. Another plugin that declares one would take operations
 * away from them, so it serves it only where configuration says so.
 */
final class ReservedPrefixes {
    private static final Set<String> OWNERS = Set.of("http", "ws", "p2p", "fake");

    private ReservedPrefixes() {}

    /** Whether the prefix, or the one it lies below, is kept for another plugin than this. */
    static boolean denies(String prefix, String pluginId) {
        String owner = owner(prefix);
        return OWNERS.contains(owner) && !owner.equals(pluginId);
    }

    /** The plugin that a prefix is kept for. */
    static String owner(String prefix) {
        return prefix.substring(0, prefix.indexOf('.'));
    }
}
