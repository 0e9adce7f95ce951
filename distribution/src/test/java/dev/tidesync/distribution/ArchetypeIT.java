package dev.tidesync.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.tidesync.distribution.Bundle.Result;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What the archetype makes builds, keeps the contract, and runs when it is dropped into the bundle. */
@Timeout(300)
class ArchetypeIT {
    private static final Path EXAMPLE = Path.of("..", "examples", "custom-transport");

    private static final Map<String, String> SPOOL = Map.of(
            "groupId", "org.acme",
            "artifactId", "acme-spool",
            "version", "0.9",
            "package", "org.acme.spool",
            "id", "spool",
            "className", "Spool");

    @TempDir
    Path directory;

    @Test
    void theExampleIsWhatItMakes() throws Exception {
        Archetype.generate(
                Map.of(
                        "groupId", "com.example",
                        "artifactId", "tidesync-file-transport",
                        "version", "1.0.0",
                        "package", "com.example.tidesync.file",
                        "id", "file",
                        "className", "File"),
                directory);

        assertThat(textsIn(directory)).isEqualTo(textsIn(EXAMPLE));
    }

    @Test
    void nothingIsLeftOfTheTemplateAndItHoldsNothingThatOnlyVelocityUnderstands() throws Exception {
        Archetype.generate(SPOOL, directory);

        textsIn(directory)
                .forEach((file, text) -> assertThat(text.replace("${tidesync.version}", ""))
                        .as(file)
                        .doesNotContain("$", "##", "#set", "#if", "#foreach", "__"));
        assertThat(Archetype.metadata()).contains("key=\"id\"", "key=\"className\"");
    }

    @Test
    void aProjectMadeFromItKeepsTheContractAndDeliversInTheBundle() throws Exception {
        Path project = directory.resolve("acme-spool");
        Archetype.generate(SPOOL, project);
        Path jar = directory.resolve("acme-spool-0.9.jar");

        Path classes = CustomTransport.buildProject(project, jar);
        assertThat(contractOf(classes, "org.acme.spool.SpoolTransportTest")
                        .failed()
                        .list())
                .isEmpty();

        Bundle bundle = Bundle.copyTo(directory.resolve("bundle"));
        Path spool = Files.createDirectory(directory.resolve("spooled"));
        Files.copy(jar, bundle.home().resolve("plugins/acme-spool.jar"));
        String[] settings = {
            "--set",
            "spool.directory=" + spool,
            "--data",
            directory.resolve("data").toString()
        };
        Result list = run(bundle, settings, "plugins", "list", "--json");
        assertThat(list.out()).contains("\"id\":\"spool\",\"instance\":\"spool\",\"version\":\"0.9\"");
        run(bundle, settings, "enqueue", "--kind", "spool.append", "--target", "lines", "--payload", "hello");
        Result delivery = run(bundle, settings, "run", "--until-empty");

        assertThat(delivery.exitCode()).as(delivery.out() + delivery.err()).isZero();
        assertThat(Files.readString(spool.resolve("lines")))
                .endsWith("\t" + Base64.getEncoder().encodeToString("hello".getBytes(StandardCharsets.UTF_8)) + "\n");
    }

    private static Result run(Bundle bundle, String[] settings, String... words) throws Exception {
        return bundle.run(Stream.concat(Stream.of(words), Stream.of(settings)).toArray(String[]::new));
    }

    private static Events contractOf(Path classes, String test) throws Exception {
        URL[] urls = {classes.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(urls, ArchetypeIT.class.getClassLoader())) {
            Events tests = EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(loader.loadClass(test)))
                    .execute()
                    .testEvents();
            assertThat(tests.succeeded().count()).isGreaterThan(15);
            return tests;
        }
    }

    private static SortedMap<String, String> textsIn(Path project) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(project)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = project.relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.startsWith("target/")) {
                    texts.put(name, Files.readString(file));
                }
            }
        }
        return texts;
    }
}
