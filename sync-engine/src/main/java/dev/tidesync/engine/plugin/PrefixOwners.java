package dev.tidesync.engine.plugin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Decides which instance serves which prefix: a configured route wins over prefixes that configuration chose for an
 * instance, and these win over what plugins declare.
 */
final class PrefixOwners {
    private PrefixOwners() {}

    /**
     * The owner of each prefix.
     *
     * @param routes configured routes, by prefix
     * @throws IllegalStateException if two instances have an equal claim; names both, and the cures
     */
    static Map<String, Instance> decide(Map<String, Instance> routes, Collection<Instance> instances) {
        Map<String, Instance> owners = new TreeMap<>(routes);
        owners.putAll(claims(instances, Instance::hasChosenPrefixes, owners));
        owners.putAll(
                claims(instances, instance -> !instance.hasChosenPrefixes() && !instance.awaitsSettings(), owners));
        return owners;
    }

    private static Map<String, Instance> claims(
            Collection<Instance> instances, Predicate<Instance> entitled, Map<String, Instance> taken) {
        Map<String, Instance> claims = new TreeMap<>();
        for (Instance instance : instances) {
            for (String prefix : entitled.test(instance) ? instance.prefixes() : List.<String>of()) {
                Instance rival = taken.containsKey(prefix) ? null : claims.putIfAbsent(prefix, instance);
                if (rival != null && !rival.equals(instance)) {
                    throw ambiguous(prefix, rival, instance);
                }
            }
        }
        return claims;
    }

    private static IllegalStateException ambiguous(String prefix, Instance one, Instance other) {
        return new IllegalStateException("two transports serve '" + prefix + "': " + one.origin() + " and "
                + other.origin() + "; remove one, or set routes." + prefix + "=" + one.name() + " or routes." + prefix
                + "=" + other.name());
    }
}
