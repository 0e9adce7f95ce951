package dev.tidesync.engine.plugin;

import dev.tidesync.spi.PluginCommand;
import dev.tidesync.spi.SyncTransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * What one class loader shows, looked at from outside: no class of it is loaded. Immutable.
 *
 * @param loader the loader's name
 * @param jars its JARs, in the order it asks them
 * @param findings what is wrong or odd about them, each with the cure
 */
public record PluginInspection(String loader, List<Path> jars, List<String> findings) {
    private static final Map<String, String> SHARED = Map.of(
            "dev/tidesync/spi/SyncTransportProvider.class", "sync-api",
            "org/slf4j/Logger.class", "slf4j-api");

    private static final List<Class<?>> SERVICES = List.of(SyncTransportProvider.class, PluginCommand.class);

    /** Copies what it is given. */
    public PluginInspection {
        jars = List.copyOf(jars);
        findings = List.copyOf(findings);
    }

    /**
     * Looks at every plugin in these folders.
     *
     * @throws IOException if a folder cannot be listed
     */
    public static List<PluginInspection> ofFolders(Collection<Path> folders) throws IOException {
        List<PluginInspection> inspections = new ArrayList<>();
        for (Path folder : folders) {
            for (PluginFolder.Entry entry : PluginFolder.entries(folder)) {
                Findings findings = new Findings(entry.jars());
                findings.lookForShared();
                inspections.add(new PluginInspection(
                        PluginClassLoader.NAME_PREFIX + entry.name(), entry.jars(), findings.sentences()));
            }
        }
        return inspections;
    }

    /** Looks at the JARs of a class path. */
    public static PluginInspection ofClassPath(List<Path> jars) {
        return new PluginInspection("class path", jars, new Findings(jars).sentences());
    }

    /** Reads JARs and keeps what it finds. Confined to one thread. */
    private static final class Findings {
        private final List<String> sentences = new ArrayList<>();
        private final Map<Path, Set<String>> classes = new LinkedHashMap<>();

        Findings(List<Path> jars) {
            jars.forEach(this::read);
            List<Path> read = List.copyOf(classes.keySet());
            for (int i = 0; i < read.size(); i++) {
                for (int j = i + 1; j < read.size(); j++) {
                    compare(read.get(i), read.get(j));
                }
            }
        }

        List<String> sentences() {
            return sentences;
        }

        private void read(Path file) {
            try (JarFile jar = new JarFile(file.toFile())) {
                classes.put(
                        file,
                        jar.stream()
                                .map(JarEntry::getName)
                                .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
                                .filter(name -> !name.startsWith("META-INF/"))
                                .collect(Collectors.toCollection(TreeSet::new)));
                compareRegistrations(file, jar);
            } catch (IOException damaged) {
                sentences.add(
                        file.getFileName() + " is not a readable JAR: " + damaged + "; copy it again from its source");
            }
        }

        private void compare(Path one, Path other) {
            Set<String> twice = new TreeSet<>(requireRead(one));
            twice.retainAll(requireRead(other));
            if (!twice.isEmpty()) {
                sentences.add(one.getFileName() + " and " + other.getFileName() + " both hold "
                        + twice.iterator().next() + (twice.size() == 1 ? "" : " and " + (twice.size() - 1) + " more")
                        + ", of which the first is used; remove one of the JARs");
            }
        }

        private Set<String> requireRead(Path jar) {
            return Objects.requireNonNull(classes.get(jar));
        }

        /** What engine and plugins share comes from the engine, whatever a plugin brings. */
        void lookForShared() {
            classes.forEach((jar, names) -> new TreeMap<>(SHARED).forEach((name, artifact) -> {
                if (names.contains(name)) {
                    sentences.add(jar.getFileName() + " holds a copy of " + artifact
                            + ", which is not used; give it the scope 'provided' in the plugin's build");
                }
            }));
        }

        /** On the class path one list is read, on the module path the other. */
        private void compareRegistrations(Path file, JarFile jar) throws IOException {
            JarEntry moduleInfo = jar.getJarEntry("module-info.class");
            if (moduleInfo == null) {
                return;
            }
            ModuleDescriptor module;
            try (InputStream in = jar.getInputStream(moduleInfo)) {
                module = ModuleDescriptor.read(in);
            }
            for (Class<?> service : SERVICES) {
                Set<String> registered = registered(jar, service);
                Set<String> provided = provided(module, service);
                if (!registered.equals(provided)) {
                    sentences.add(file.getFileName() + " registers " + registered + " in META-INF/services, but "
                            + provided + " in its module-info, as " + service.getSimpleName()
                            + "; make the two the same");
                }
            }
        }

        private static Set<String> registered(JarFile jar, Class<?> service) throws IOException {
            JarEntry file = jar.getJarEntry("META-INF/services/" + service.getName());
            if (file == null) {
                return Set.of();
            }
            try (InputStream in = jar.getInputStream(file)) {
                return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1))
                        .map(line -> line.replaceFirst("#.*", "").trim())
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
            }
        }

        private static Set<String> provided(ModuleDescriptor module, Class<?> service) {
            return module.provides().stream()
                    .filter(provides -> provides.service().equals(service.getName()))
                    .flatMap(provides -> provides.providers().stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
