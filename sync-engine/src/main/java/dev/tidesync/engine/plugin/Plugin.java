package dev.tidesync.engine.plugin;

import dev.tidesync.spi.TransportDescriptor;
import java.util.Collection;
import java.util.TreeSet;

/**
 * A plugin that was found and that this engine takes.
 *
 * @param descriptor what it says it is
 * @param candidate its provider and where that came from
 */
record Plugin(TransportDescriptor descriptor, Candidate candidate) {
    String id() {
        return descriptor.id();
    }

    /** Its class and where it lies, as error messages name it. */
    String origin() {
        return candidate.className() + " (" + candidate.location() + ")";
    }

    PluginReport report(
            String instance, Collection<String> prefixes, PluginReport.State state, String problem, String hint) {
        return new PluginReport(
                id(),
                instance,
                descriptor.version(),
                descriptor.spiLevel(),
                new TreeSet<>(prefixes),
                candidate.location(),
                state,
                problem,
                hint);
    }
}
