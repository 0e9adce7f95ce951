package dev.tidesync.engine.plugin;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What became of one plugin that was found, or of one further instance of it.
 *
 * @param id the plugin's id; its class or JAR if it broke before it could name itself
 * @param instance the name under which it runs, or would run; empty if it got no name
 * @param version the plugin's own version, or empty
 * @param spiLevel the SPI level it was compiled against; 0 if unknown
 * @param prefixes the kind prefixes it serves, or would serve if it ran
 * @param location where it was loaded from
 * @param state how it stands
 * @param problem what is wrong, or empty; of one that runs, what is odd about it
 * @param hint what a person can do about it, or empty
 */
public record PluginReport(
        String id,
        String instance,
        String version,
        int spiLevel,
        SortedSet<String> prefixes,
        String location,
        State state,
        String problem,
        String hint) {

    /** How a plugin stands. */
    public enum State {
        /** It runs and serves its prefixes. */
        READY,
        /** It is sound, but serves nothing until configuration gives it settings or a prefix. */
        NOT_CONFIGURED,
        /** The engine does not take it: not allowed, another SPI level, a bad descriptor or wrong settings. */
        REJECTED,
        /** It broke: it could not be loaded, threw or hung when it was started, or did not close. */
        FAILED
    }

    /** Checks that nothing is null and copies the prefixes. */
    public PluginReport {
        Objects.requireNonNull(id);
        Objects.requireNonNull(state);
        prefixes = Collections.unmodifiableSortedSet(new TreeSet<>(prefixes));
    }

    /** Whether a person must act before this plugin can work: it was rejected or it failed. */
    public boolean broken() {
        return state == State.REJECTED || state == State.FAILED;
    }

    /** The same plugin, now that this has gone wrong with it. */
    PluginReport failed(PluginFailure failure) {
        return new PluginReport(
                id, instance, version, spiLevel, prefixes, location, State.FAILED, failure.problem(), failure.hint());
    }

    /** A report on something of which no class may be loaded. */
    static PluginReport refused(String name, String location, PluginFailure objection) {
        return new PluginReport(
                name, "", "", 0, new TreeSet<>(), location, State.REJECTED, objection.problem(), objection.hint());
    }

    /** A report on something that broke before it could describe itself. */
    static PluginReport unloadable(String name, String location, PluginFailure failure) {
        return new PluginReport(
                name, "", "", 0, new TreeSet<>(), location, State.FAILED, failure.problem(), failure.hint());
    }
}
