package dev.tidesync.engine.plugin;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Opens the JARs of one plugin before a class loader does, which would pass over a damaged one in silence. Confined to
 * one thread.
 */
final class JarInspection {
    private static final String API_CLASS = "dev/tidesync/spi/SyncTransportProvider.class";

    private final List<URL> readable = new ArrayList<>();
    private final List<PluginReport> damaged = new ArrayList<>();
    private Optional<PluginFailure> warning = Optional.empty();

    JarInspection(PluginFolder.Entry entry) {
        entry.jars().forEach(this::open);
    }

    private void open(Path jar) {
        try (JarFile opened = new JarFile(jar.toFile())) {
            readable.add(jar.toUri().toURL());
            if (opened.getEntry(API_CLASS) != null) {
                warning = Optional.of(new PluginFailure(
                        "brings a copy of the engine's sync-api, which is not used: " + jar.getFileName(),
                        "give sync-api the scope 'provided' in the plugin's build"));
            }
        } catch (IOException broken) {
            damaged.add(PluginReport.unloadable(
                    jar.getFileName().toString(),
                    jar.toString(),
                    new PluginFailure("is not a readable JAR: " + broken, "copy it again from its source")));
        }
    }

    /** The sound ones. */
    List<URL> readable() {
        return readable;
    }

    /** A report on each of the others. */
    List<PluginReport> damaged() {
        return damaged;
    }

    /** What is odd about the sound ones, though it does not keep the plugin from running. */
    Optional<PluginFailure> warning() {
        return warning;
    }
}
