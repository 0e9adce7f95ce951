package dev.tidesync.engine.plugin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.engine.plugin.PluginReport.State;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One broken plugin between two sound ones, in every way that plugins break: it is reported, and they survive. */
class BrokenPluginsIT {
    /**
     * A way to break.
     *
     * @param name the class that is registered as a provider
     * @param source its source; empty if there is none
     * @param left the classes that reach the JAR
     * @param problem what the report must say
     */
    private record Broken(String name, String source, List<String> left, String problem) {
        static Broken of(String name, String source, String problem) {
            return new Broken(name, source, List.of(name, "Sound"), problem);
        }

        Broken without(String... gone) {
            List<String> kept = new ArrayList<>(left);
            kept.removeAll(List.of(gone));
            return new Broken(name, source, kept, problem);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Broken> WAYS_TO_BREAK = List.of(
            Broken.of(
                    "ThrowingConstructor",
                    "public class ThrowingConstructor extends Sound {"
                            + " public ThrowingConstructor() { throw new IllegalStateException(\"no licence\"); } }",
                    "threw java.lang.IllegalStateException: no licence"),
            Broken.of(
                    "ThrowingInitializer",
                    "public class ThrowingInitializer extends Sound { static final int N = Integer.parseInt(\"x\"); }",
                    "threw java.lang.NumberFormatException"),
            Broken.of(
                    "AbstractClass",
                    "public abstract class AbstractClass extends Sound {}",
                    "cannot be instantiated, since it is abstract"),
            Broken.of("PackagePrivate", "class PackagePrivate extends Sound {}", "PackagePrivate"),
            Broken.of(
                    "EndlessRecursion",
                    "public class EndlessRecursion extends Sound {"
                            + " public EndlessRecursion() { deeper(); } void deeper() { deeper(); } }",
                    "threw java.lang.StackOverflowError"),
            Broken.of(
                    "NeedsClassInConstructor",
                    "public class NeedsClassInConstructor extends Sound {"
                            + " public NeedsClassInConstructor() { new Gone(); } }",
                    "needs a class that is not there: workshop.Gone"),
            Broken.of("NotThere", "", "Provider workshop.NotThere not found").without("NotThere"),
            Broken.of(
                    "ConstructorWithArgument",
                    "public class ConstructorWithArgument extends Sound {"
                            + " public ConstructorWithArgument(String name) {} }",
                    "ConstructorWithArgument"),
            Broken.of(
                    "PrivateConstructor",
                    "public class PrivateConstructor extends Sound { private PrivateConstructor() {} }",
                    "PrivateConstructor"),
            Broken.of(
                    "OtherInterface",
                    "public class OtherInterface implements Runnable { public void run() {} }",
                    "not a subtype"),
            Broken.of(
                    "ProviderMethodOnly",
                    "public class ProviderMethodOnly { public static dev.tidesync.spi.SyncTransportProvider provider() {"
                            + " return new Sound() {}; } }",
                    "not a subtype"),
            Broken.of(
                    "MissingSuperclass",
                    "public class MissingSuperclass extends GoneSuperclass {}",
                    "needs a class that is not there: workshop.GoneSuperclass"),
            Broken.of(
                    "MissingInterface",
                    "public class MissingInterface extends Sound implements GoneInterface {}",
                    "needs a class that is not there: workshop.GoneInterface"),
            Broken.of(
                    "MissingTypeInSignature",
                    "public class MissingTypeInSignature extends Sound { public MissingTypeInSignature() {}"
                            + " public MissingTypeInSignature(Gone gone) {} }",
                    "needs a class that is not there: workshop.Gone"),
            Broken.of(
                    "ThrowingDescriptor",
                    "public class ThrowingDescriptor extends Sound {"
                            + " public dev.tidesync.spi.TransportDescriptor descriptor() {"
                            + " return dev.tidesync.spi.TransportDescriptor.builder(\"NOT AN ID\", 1).build(); } }",
                    "plugin id must be 1 to 63 of a-z"),
            Broken.of(
                    "NullDescriptor",
                    "public class NullDescriptor extends Sound {"
                            + " public dev.tidesync.spi.TransportDescriptor descriptor() { return null; } }",
                    "answers null for its descriptor"),
            Broken.of(
                    "ThrowingCreate",
                    "public class ThrowingCreate extends Sound {"
                            + " public dev.tidesync.spi.ISyncTransport create(dev.tidesync.spi.TransportContext c) {"
                            + " throw new Error(\"no native library\"); } }",
                    "threw java.lang.Error: no native library"),
            Broken.of(
                    "NullCreate",
                    "public class NullCreate extends Sound {"
                            + " public dev.tidesync.spi.ISyncTransport create(dev.tidesync.spi.TransportContext c) {"
                            + " return null; } }",
                    "create answered null"),
            Broken.of(
                    "NeedsClassInCreate",
                    "public class NeedsClassInCreate extends Sound {"
                            + " public dev.tidesync.spi.ISyncTransport create(dev.tidesync.spi.TransportContext c) {"
                            + " new Gone(); return null; } }",
                    "needs a class that is not there: workshop.Gone"));

    @TempDir
    private static Path workshopDirectory;

    private static PluginWorkshop workshop;

    @TempDir
    private Path directory;

    @BeforeAll
    static void compileAllPlugins() throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (String sound : List.of("First", "Last")) {
            sources.put(sound, "package workshop; public class " + sound + " extends Sound {}");
        }
        sources.put("Gone", "package workshop; public class Gone {}");
        sources.put("GoneSuperclass", "package workshop; public class GoneSuperclass extends Sound {}");
        sources.put("GoneInterface", "package workshop; public interface GoneInterface {}");
        for (Broken broken : WAYS_TO_BREAK) {
            if (!broken.source().isEmpty()) {
                sources.put(broken.name(), "package workshop; " + broken.source());
            }
        }
        workshop = new PluginWorkshop(workshopDirectory, sources);
    }

    static Stream<Broken> waysToBreak() {
        return WAYS_TO_BREAK.stream();
    }

    @ParameterizedTest
    @MethodSource("waysToBreak")
    void onTheClassPathItIsReportedAndTheOthersSurvive(Broken broken) throws IOException {
        List<Path> jars =
                List.of(soundJar("First"), brokenJar(broken, directory.resolve("broken.jar")), soundJar("Last"));

        try (URLClassLoader loader = loaderOf(jars);
                TransportRegistry registry =
                        TransportRegistry.builder().classPath(loader).build()) {
            assertReportedAndSurvived(registry, broken);
        }
    }

    @ParameterizedTest
    @MethodSource("waysToBreak")
    void inAPluginFolderItIsReportedAndTheOthersSurvive(Broken broken) throws IOException {
        workshop.jarOf(directory.resolve("a-first/first.jar"), "First");
        brokenJar(broken, directory.resolve("b-broken/broken.jar"));
        workshop.jarOf(directory.resolve("last.jar"), "Last");

        try (TransportRegistry registry =
                TransportRegistry.builder().pluginFolder(directory).build()) {
            assertReportedAndSurvived(registry, broken);
            assertThat(onlyBroken(registry).location())
                    .isEqualTo(directory.resolve("b-broken").toString());
        }
    }

    @Test
    void aClassFileOfANewerJavaIsReportedAsSuch() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(workshop.classFiles("First"));
        byte[] classFile = requireNonNull(entries.get("workshop/First.class"));
        classFile[7] = 99; // the low byte of major_version, JVMS 4.1
        entries.put(PluginWorkshop.SERVICES_FILE, "workshop.First".getBytes(StandardCharsets.UTF_8));
        entries.putAll(workshop.classFiles("Sound"));
        PluginWorkshop.pack(directory.resolve("newer.jar"), entries);
        workshop.jarOf(directory.resolve("last.jar"), "Last");

        try (TransportRegistry registry =
                TransportRegistry.builder().pluginFolder(directory).build()) {
            assertThat(onlyBroken(registry).problem())
                    .startsWith("is compiled for a newer Java than the one that runs");
            assertThat(registry.prefixes()).containsExactly("last.");
        }
    }

    @Test
    void aServicesFileThatCannotBeReadCostsOnlyItsPlugin() throws IOException {
        workshop.jar(directory.resolve("bad.jar"), List.of("workshop.First workshop.Last"), "First", "Sound");
        workshop.jarOf(directory.resolve("last.jar"), "Last");

        try (TransportRegistry registry =
                TransportRegistry.builder().pluginFolder(directory).build()) {
            assertThat(onlyBroken(registry).problem()).contains("is registered wrongly", "bad.jar");
            assertThat(registry.prefixes()).containsExactly("last.");
        }
    }

    @Test
    void aDamagedJarIsReported() throws IOException {
        Files.writeString(directory.resolve("damaged.jar"), "PK but no more");
        workshop.jarOf(directory.resolve("last.jar"), "Last");

        try (TransportRegistry registry =
                TransportRegistry.builder().pluginFolder(directory).build()) {
            assertThat(onlyBroken(registry).id()).isEqualTo("damaged.jar");
            assertThat(onlyBroken(registry).problem()).startsWith("is not a readable JAR: ");
            assertThat(registry.prefixes()).containsExactly("last.");
        }
    }

    @Test
    void aFolderWithoutAProviderIsReported() throws IOException {
        Files.createDirectories(directory.resolve("empty"));
        PluginWorkshop.pack(directory.resolve("library.jar"), workshop.classFiles("Gone"));

        try (TransportRegistry registry =
                TransportRegistry.builder().pluginFolder(directory).build()) {
            assertThat(registry.reports()).extracting(PluginReport::id).containsExactly("empty", "library.jar");
            assertThat(registry.reports())
                    .allSatisfy(report -> assertThat(report.problem()).startsWith("holds no transport"));
        }
    }

    @Test
    void aFolderThatDoesNotExistHoldsNoPlugins() {
        try (TransportRegistry registry = TransportRegistry.builder()
                .pluginFolder(directory.resolve("nowhere"))
                .build()) {
            assertThat(registry.reports()).isEmpty();
        }
    }

    @Test
    void aLoaderThatFailsForEverEndsTheScanAndIsReportedOnce() throws IOException {
        try (URLClassLoader broken = new URLClassLoader(new URL[0], getClass().getClassLoader()) {
                    @Override
                    public Enumeration<URL> getResources(String name) throws IOException {
                        if (name.equals(PluginWorkshop.SERVICES_FILE)) {
                            throw new IOException("disk gone");
                        }
                        return super.getResources(name);
                    }
                };
                TransportRegistry registry =
                        TransportRegistry.builder().classPath(broken).build()) {
            assertThat(registry.reports()).hasSize(1);
            assertThat(onlyBroken(registry).problem()).contains("disk gone");
        }
    }

    private Path soundJar(String className) throws IOException {
        return workshop.jarOf(directory.resolve(className + ".jar"), className);
    }

    private static Path brokenJar(Broken broken, Path jar) throws IOException {
        return workshop.jar(
                jar, List.of("workshop." + broken.name()), broken.left().toArray(String[]::new));
    }

    private static URLClassLoader loaderOf(List<Path> jars) throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), BrokenPluginsIT.class.getClassLoader());
    }

    private static void assertReportedAndSurvived(TransportRegistry registry, Broken broken) {
        assertThat(registry.prefixes()).containsExactly("first.", "last.");
        PluginReport report = onlyBroken(registry);
        assertThat(report.state()).isEqualTo(State.FAILED);
        assertThat(report.problem()).contains(broken.problem());
        assertThat(report.hint()).isNotEmpty();
    }

    private static PluginReport onlyBroken(TransportRegistry registry) {
        List<PluginReport> broken =
                registry.reports().stream().filter(PluginReport::broken).toList();
        assertThat(broken).hasSize(1);
        return broken.get(0);
    }
}
