package dev.tidesync.engine.plugin;

import dev.tidesync.spi.SyncTransportProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;

/**
 * Finds the providers of plugins on the class path and in plugin folders. What cannot be loaded becomes a report; it
 * never keeps another plugin from being found.
 *
 * <p>Confined to the thread that builds a registry.
 */
final class PluginDiscovery {
    /** A plugin must not wait for the network when it starts, but may unpack libraries on a slow disk. */
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final List<Candidate> candidates = new ArrayList<>();
    private final List<PluginReport> unloadable = new ArrayList<>();
    private final List<PluginClassLoader> loaders = new ArrayList<>();
    private Duration bound = BOUND;

    /** How long each constructor, description and start of a plugin may take; default 30 seconds. */
    void bound(Duration value) {
        this.bound = value;
    }

    Duration bound() {
        return bound;
    }

    /** Takes a provider that the application made itself. */
    void add(SyncTransportProvider provider) {
        candidates.add(new Candidate(provider, loaderOf(provider.getClass()), "handed in by the application"));
    }

    /** Finds what this loader shows, such as everything on the class path. */
    void scanClassPath(ClassLoader loader) {
        ProviderScan<SyncTransportProvider> scan = new ProviderScan<>(SyncTransportProvider.class, type -> true, bound);
        scan.run(loader);
        for (SyncTransportProvider provider : scan.providers()) {
            Class<?> type = provider.getClass();
            candidates.add(new Candidate(provider, loaderOf(type), locationOf(type)));
        }
        for (ProviderScan.Unloadable broken : scan.unloadable()) {
            unloadable.add(report(broken, "class path", "class path"));
        }
    }

    /** Finds the plugins of a folder, each under a class loader of its own. */
    void scanFolder(Path folder) {
        try {
            PluginFolder.entries(folder).forEach(this::scanEntry);
        } catch (IOException unreadable) {
            unloadable.add(PluginReport.unloadable(
                    folder.toString(),
                    folder.toString(),
                    new PluginFailure("the folder cannot be read: " + unreadable, "make it readable and restart")));
        }
    }

    private void scanEntry(PluginFolder.Entry entry) {
        List<URL> jars = readableJars(entry);
        if (jars.isEmpty()) {
            return;
        }
        PluginClassLoader loader =
                new PluginClassLoader(entry.name(), jars, SyncTransportProvider.class.getClassLoader());
        loaders.add(loader);
        ProviderScan<SyncTransportProvider> scan =
                new ProviderScan<>(SyncTransportProvider.class, type -> type.getClassLoader() == loader, bound);
        ContextLoader.run(loader, () -> scan.run(loader));
        String location = entry.path().toString();
        scan.providers().forEach(provider -> candidates.add(new Candidate(provider, loader, location)));
        scan.unloadable().forEach(broken -> unloadable.add(report(broken, entry.name(), location)));
        if (scan.providers().isEmpty() && scan.unloadable().isEmpty()) {
            unloadable.add(PluginReport.unloadable(entry.name(), location, noProvider()));
        }
    }

    /** A class loader passes over a damaged JAR in silence, so each is opened first. */
    private List<URL> readableJars(PluginFolder.Entry entry) {
        List<URL> readable = new ArrayList<>();
        for (Path jar : entry.jars()) {
            try (JarFile opened = new JarFile(jar.toFile())) {
                readable.add(Path.of(opened.getName()).toUri().toURL());
            } catch (IOException damaged) {
                unloadable.add(PluginReport.unloadable(
                        jar.getFileName().toString(),
                        jar.toString(),
                        new PluginFailure("is not a readable JAR: " + damaged, "copy it again from its source")));
            }
        }
        if (entry.jars().isEmpty()) {
            unloadable.add(PluginReport.unloadable(entry.name(), entry.path().toString(), noProvider()));
        }
        return readable;
    }

    private static PluginFailure noProvider() {
        return new PluginFailure(
                "holds no transport: no JAR in it names a SyncTransportProvider in META-INF/services",
                "put a plugin's JAR and the libraries it needs together into one folder under plugins/");
    }

    private static PluginReport report(ProviderScan.Unloadable broken, String fallbackName, String location) {
        String name = broken.className().isEmpty() ? fallbackName : broken.className();
        return PluginReport.unloadable(name, location, PluginFailure.of(broken.failure()));
    }

    List<PluginClassLoader> loaders() {
        return loaders;
    }

    /** What was found, with each descriptor asked for and checked. */
    PluginCatalog catalog() {
        return PluginCatalog.of(candidates, unloadable, bound);
    }

    private static ClassLoader loaderOf(Class<?> type) {
        return Optional.ofNullable(type.getClassLoader()).orElseGet(ClassLoader::getPlatformClassLoader);
    }

    private static String locationOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return "class path";
        }
        URL location = source.getLocation();
        try {
            return Path.of(location.toURI()).toString();
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException notAFile) {
            return location.toString();
        }
    }
}
