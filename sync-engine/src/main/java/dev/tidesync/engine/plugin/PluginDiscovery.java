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
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Finds the providers of plugins on the class path and in plugin folders. What cannot be loaded becomes a report; it
 * never keeps another plugin from being found.
 *
 * <p>Confined to the thread that builds a registry.
 */
final class PluginDiscovery {
    private final Duration bound;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<PluginReport> unloadable = new ArrayList<>();
    private final List<PluginClassLoader> loaders = new ArrayList<>();

    /** A discovery that gives each constructor and description so long. */
    PluginDiscovery(Duration bound) {
        this.bound = bound;
    }

    /** Takes a provider that the application made itself. */
    void add(SyncTransportProvider provider) {
        candidates.add(new Candidate(
                provider, loaderOf(provider.getClass()), "handed in by the application", Optional.empty()));
    }

    /** Finds what this loader shows, such as everything on the class path. */
    void scanClassPath(ClassLoader loader) {
        ProviderScan<SyncTransportProvider> scan = new ProviderScan<>(SyncTransportProvider.class, type -> true, bound);
        scan.run(loader);
        for (SyncTransportProvider provider : scan.providers()) {
            Class<?> type = provider.getClass();
            candidates.add(new Candidate(provider, loaderOf(type), locationOf(type), duplicates(type, loader)));
        }
        for (ProviderScan.Unloadable broken : scan.unloadable()) {
            unloadable.add(report(broken, "class path", "class path"));
        }
    }

    /** Finds the plugins of a folder that are admitted, each under a class loader of its own. */
    void scanFolder(Path folder, PluginAdmission admission) {
        try {
            PluginFolder.entries(folder).forEach(entry -> scanEntry(entry, admission));
        } catch (IOException unreadable) {
            unloadable.add(PluginReport.unloadable(
                    folder.toString(),
                    folder.toString(),
                    new PluginFailure("the folder cannot be read: " + unreadable, "make it readable and restart")));
        }
    }

    private void scanEntry(PluginFolder.Entry entry, PluginAdmission admission) {
        Optional<PluginFailure> objection = admission.objectionTo(entry);
        if (objection.isPresent()) {
            unloadable.add(PluginReport.refused(entry.plainName(), entry.path().toString(), objection.get()));
            return;
        }
        JarInspection jars = new JarInspection(entry);
        unloadable.addAll(jars.damaged());
        if (entry.jars().isEmpty()) {
            unloadable.add(PluginReport.unloadable(entry.name(), entry.path().toString(), noProvider()));
        } else if (!jars.readable().isEmpty()) {
            scanJars(entry, jars);
        }
    }

    private void scanJars(PluginFolder.Entry entry, JarInspection jars) {
        PluginClassLoader loader =
                new PluginClassLoader(entry.name(), jars.readable(), SyncTransportProvider.class.getClassLoader());
        loaders.add(loader);
        ProviderScan<SyncTransportProvider> scan =
                new ProviderScan<>(SyncTransportProvider.class, type -> type.getClassLoader() == loader, bound);
        scan.run(loader);
        String location = entry.path().toString();
        scan.providers()
                .forEach(provider -> candidates.add(new Candidate(
                        provider, loader, location, jars.warning().or(() -> duplicates(provider.getClass(), loader)))));
        scan.unloadable().forEach(broken -> unloadable.add(report(broken, entry.name(), location)));
        if (scan.providers().isEmpty() && scan.unloadable().isEmpty()) {
            unloadable.add(PluginReport.unloadable(entry.name(), location, noProvider()));
        }
    }

    /** Of a class that lies in two JARs a loader takes the first it comes upon, in silence. */
    private static Optional<PluginFailure> duplicates(Class<?> type, ClassLoader loader) {
        try {
            List<String> places =
                    Collections.list(loader.getResources(type.getName().replace('.', '/') + ".class")).stream()
                            .map(URL::toString)
                            .distinct()
                            .toList();
            return places.size() < 2
                    ? Optional.empty()
                    : Optional.of(new PluginFailure(
                            "its class " + type.getName() + " lies in several places, of which the first is used: "
                                    + String.join(", ", places),
                            "remove all but one"));
        } catch (IOException unreadable) {
            return Optional.of(new PluginFailure(
                    "it cannot be told whether its class lies in several JARs: " + unreadable, "make them readable"));
        }
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
