package dev.tidesync.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.PluginReport.State;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What shows only once a plugin is a JAR in a folder: its own libraries, copies, signatures, and how it ends. */
class PluginsInJarsIT {
    @TempDir
    private static Path workshopDirectory;

    private static PluginWorkshop workshop;

    @TempDir
    private Path directory;

    @BeforeAll
    static void compile() throws IOException {
        workshop = new PluginWorkshop(
                workshopDirectory,
                Map.of(
                        "First", "package workshop; public class First extends Sound {}",
                        "Library", "package workshop; class Library { static String version() { return \"1\"; } }",
                        "NeedsLibrary",
                                "package workshop; public class NeedsLibrary extends Sound {"
                                        + " public dev.tidesync.spi.ISyncTransport create("
                                        + "dev.tidesync.spi.TransportContext c) {"
                                        + " return operation -> dev.tidesync.api.SendResult.retryable(Library.version());"
                                        + " } }",
                        "Newer",
                                "package workshop; public class Newer extends Sound {"
                                        + " public dev.tidesync.spi.TransportDescriptor descriptor() { return"
                                        + " dev.tidesync.spi.TransportDescriptor.builder(\"newer\", 99)"
                                        + ".kindPrefix(\"newer.\").build(); } }",
                        "Hanging",
                                "package workshop; public class Hanging extends Sound { public Hanging() {"
                                        + " while (true) { java.util.concurrent.locks.LockSupport.park(); } } }"));
    }

    @Test
    void twoPluginsWithTwoVersionsOfOneLibraryLiveSideBySide() throws Exception {
        PluginWorkshop later = new PluginWorkshop(
                directory.resolve("later"),
                Map.of(
                        "Library",
                        "package workshop; class Library { static String version() { return \"2\"; } }",
                        "NeedsLater",
                        "package workshop; public class NeedsLater extends Sound {"
                                + " public dev.tidesync.spi.ISyncTransport create("
                                + "dev.tidesync.spi.TransportContext c) {"
                                + " return operation -> dev.tidesync.api.SendResult.retryable(Library.version());"
                                + " } }"));
        Path plugins = directory.resolve("plugins");
        workshop.jarOf(plugins.resolve("one/one.jar"), "NeedsLibrary");
        PluginWorkshop.pack(plugins.resolve("one/library.jar"), workshop.classFiles("Library"));
        later.jarOf(plugins.resolve("two/two.jar"), "NeedsLater");
        PluginWorkshop.pack(plugins.resolve("two/library.jar"), later.classFiles("Library"));

        try (TransportRegistry registry = registry(plugins)) {
            assertThat(send(registry, "needslibrary.x").error()).isEqualTo("1");
            assertThat(send(registry, "needslater.x").error()).isEqualTo("2");
        }
    }

    @Test
    void aLibraryThatIsMissingAtTheFirstSendFailsThePluginAndKeepsTheOperation() throws Exception {
        workshop.jarOf(directory.resolve("needs/needs.jar"), "NeedsLibrary");

        try (TransportRegistry registry = registry(directory)) {
            assertThat(only(registry).state()).isEqualTo(State.READY);
            SendResult result = send(registry, "needslibrary.x");
            assertThat(result.retryable()).isTrue();
            assertThat(result.scope()).isEqualTo(SendResult.Scope.TARGET);
            assertThat(only(registry).state()).isEqualTo(State.FAILED);
            assertThat(only(registry).problem()).isEqualTo("needs a class that is not there: workshop.Library");
        }
    }

    @Test
    void aPluginForANewerSpiIsRejectedWithTheCure() throws IOException {
        workshop.jarOf(directory.resolve("newer.jar"), "Newer");

        try (TransportRegistry registry = registry(directory)) {
            assertThat(only(registry).state()).isEqualTo(State.REJECTED);
            assertThat(only(registry).problem())
                    .isEqualTo("is built for SPI level 99, but this engine serves levels " + SyncSpi.MIN_SUPPORTED
                            + " to " + SyncSpi.LEVEL);
            assertThat(only(registry).hint()).isEqualTo("upgrade Tidesync, or install an older plugin");
        }
    }

    @Test
    void aConstructorThatHangsCostsOnlyItsPlugin() throws IOException {
        workshop.jarOf(directory.resolve("hanging.jar"), "Hanging");
        workshop.jarOf(directory.resolve("sound.jar"), "First");

        try (TransportRegistry registry = TransportRegistry.builder()
                .bounds(Duration.ofMillis(200), Duration.ofSeconds(5))
                .pluginFolder(directory)
                .build()) {
            assertThat(registry.prefixes()).containsExactly("first.");
            assertThat(registry.reports().get(1).problem())
                    .isEqualTo("has not returned from its constructor within 200 ms");
        }
    }

    @Test
    void aPluginThatBringsTheApiRunsAndIsToldSo() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(PluginWorkshop.SERVICES_FILE, "workshop.First".getBytes(StandardCharsets.UTF_8));
        entries.putAll(workshop.classFiles("First"));
        entries.putAll(workshop.classFiles("Sound"));
        entries.put("dev/tidesync/spi/SyncTransportProvider.class", classFile(SyncTransportProvider.class));
        PluginWorkshop.pack(directory.resolve("fat.jar"), entries);

        try (TransportRegistry registry = registry(directory)) {
            assertThat(only(registry).state()).isEqualTo(State.READY);
            assertThat(only(registry).problem())
                    .isEqualTo("brings a copy of the engine's sync-api, which is not used: fat.jar");
            assertThat(only(registry).hint()).contains("'provided'");
        }
    }

    @Test
    void aProviderInTwoJarsRunsOnceAndBothPlacesAreNamed() throws IOException {
        workshop.jarOf(directory.resolve("twice/new.jar"), "First");
        workshop.jarOf(directory.resolve("twice/old.jar"), "First");

        try (TransportRegistry registry = registry(directory)) {
            assertThat(only(registry).state()).isEqualTo(State.READY);
            assertThat(only(registry).problem())
                    .startsWith("its class workshop.First lies in several places, of which the first is used: ")
                    .contains("new.jar", "old.jar");
        }
    }

    @Test
    void aJarThatWasChangedAfterItWasSignedIsReported() throws Exception {
        Path jar = workshop.jarOf(directory.resolve("signed.jar"), "First");
        sign(jar);
        try (TransportRegistry sound = registry(directory)) {
            assertThat(only(sound).state()).isEqualTo(State.READY);
        }
        Path changed = Files.createDirectories(directory.resolve("changed"));
        Files.move(jar, changed.resolve("signed.jar"));
        replace(changed.resolve("signed.jar"), "workshop/First.class");

        try (TransportRegistry registry = registry(directory)) {
            assertThat(only(registry).state()).isEqualTo(State.FAILED);
            assertThat(only(registry).problem()).startsWith("was changed after it was signed: ");
            assertThat(only(registry).hint()).isEqualTo("install it again from its source");
        }
    }

    private void sign(Path jar) throws Exception {
        Path keys = directory.resolve("keys.p12");
        String[] store = {"-keystore", keys.toString(), "-storepass", "changeit", "-storetype", "PKCS12"};
        run("keytool", store, "-genkeypair", "-alias", "author", "-keyalg", "EC", "-dname", "CN=author");
        run("jarsigner", store, jar.toString(), "author");
        Files.delete(keys);
    }

    private static void run(String tool, String[] store, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        command.addAll(List.of(store));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    /** The class file with another constant, so that it is sound and its digest is not. */
    private static void replace(Path jar, String entry) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            byte[] changed = Files.readAllBytes(files.getPath(entry));
            changed[changed.length - 1] ^= 1;
            Files.write(files.getPath(entry), changed);
        }
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static TransportRegistry registry(Path plugins) {
        return TransportRegistry.builder().pluginFolder(plugins).build();
    }

    private static PluginReport only(TransportRegistry registry) {
        assertThat(registry.reports()).hasSize(1);
        return registry.reports().get(0);
    }

    private static SendResult send(TransportRegistry registry, String kind) throws Exception {
        return registry.route(kind).orElseThrow().transport().send(Operation.of(kind, "/", ""));
    }
}
