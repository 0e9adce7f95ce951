package dev.tidesync.engine.plugin;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Which plugins of plugin folders may be loaded. It is asked before any class of a plugin is. What lies on the class
 * path is the application's own and needs no leave. Immutable.
 */
public final class PluginAdmission {
    private static final PluginAdmission EVERYTHING = new PluginAdmission(Optional.empty(), Optional.empty());

    private final Optional<Set<String>> allowed;
    private final Optional<PluginLock> lock;

    private PluginAdmission(Optional<Set<String>> allowed, Optional<PluginLock> lock) {
        this.allowed = allowed;
        this.lock = lock;
    }

    /** Admits whatever lies there. */
    public static PluginAdmission everything() {
        return EVERYTHING;
    }

    /** A copy that admits only folders and JARs of these names; a JAR's goes without {@code .jar}. */
    public PluginAdmission allowing(Collection<String> names) {
        return new PluginAdmission(Optional.of(Set.copyOf(names)), lock);
    }

    /** A copy that admits only what is as it was when it was locked. */
    public PluginAdmission lockedBy(PluginLock value) {
        return new PluginAdmission(allowed, Optional.of(value));
    }

    /** Why this plugin may not be loaded. */
    Optional<PluginFailure> objectionTo(PluginFolder.Entry entry) {
        if (allowed.isPresent() && !allowed.get().contains(entry.plainName())) {
            return Optional.of(new PluginFailure(
                    "is not among plugins.allow", "add '" + entry.plainName() + "' to plugins.allow, or remove it"));
        }
        try {
            return lock.isPresent() ? lock.get().objectionTo(entry) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.of(new PluginFailure("cannot be read: " + unreadable, "make it readable and restart"));
        }
    }
}
