package dev.tidesync.distribution;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Transports of one's own, compiled against the bundle's SPI as their authors would. */
final class CustomTransport {
    private static final Path SOURCES = Path.of("..", "examples", "custom-transport", "src", "main");

    private CustomTransport() {}

    /** Compiles the example and drops its JAR into the bundle's plugin folder. */
    static void buildInto(Path bundle) throws IOException {
        Path classes = Files.createTempDirectory("custom-transport");
        compile(classPath(bundle.resolve("lib")), classes, sources(SOURCES.resolve("java")));
        pack(bundle.resolve("plugins").resolve("file-transport.jar"), classes, SOURCES.resolve("resources"));
    }

    /** Compiles a provider from its source, without a package, and packs it into the JAR. */
    static void build(Path bundle, String className, String source, Path jar) throws IOException {
        Path work = Files.createTempDirectory("custom-transport");
        Path file = Files.writeString(work.resolve(className + ".java"), source);
        compile(classPath(bundle.resolve("lib")), work.resolve("classes"), List.of(file.toString()));
        Path services = Files.createDirectories(work.resolve("resources/META-INF/services"));
        Files.writeString(services.resolve("dev.tidesync.spi.SyncTransportProvider"), className);
        pack(jar, work.resolve("classes"), work.resolve("resources"));
    }

    /**
     * Compiles a project with its tests, against what is on this test's own class path, and packs what is not a test
     * into the JAR. Returns the directory of all its classes.
     */
    static Path buildProject(Path project, Path jar) throws IOException {
        Path main = project.resolve("target/classes");
        Path all = project.resolve("target/all");
        Path resources = project.resolve("src/main/resources");
        String classPath = System.getProperty("java.class.path");
        List<String> sources = sources(project.resolve("src/main/java"));
        compile(classPath, main, sources);
        pack(jar, main, resources);
        List<String> withTests = new ArrayList<>(sources);
        withTests.addAll(sources(project.resolve("src/test/java")));
        compile(classPath, all, withTests);
        Path services = Path.of("META-INF/services/dev.tidesync.spi.SyncTransportProvider");
        Files.createDirectories(all.resolve(services).getParent());
        Files.copy(resources.resolve(services), all.resolve(services));
        return all;
    }

    private static void pack(Path target, Path classes, Path resources) throws IOException {
        Files.createDirectories(target.getParent());
        try (OutputStream file = Files.newOutputStream(target);
                JarOutputStream jar = new JarOutputStream(file)) {
            add(jar, classes);
            add(jar, resources);
        }
    }

    private static void compile(String classPath, Path classes, List<String> sources) {
        List<String> arguments =
                new ArrayList<>(List.of("--release", "17", "-proc:none", "-d", classes.toString(), "-cp", classPath));
        arguments.addAll(sources);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int exitCode = ToolProvider.getSystemJavaCompiler().run(null, null, messages, arguments.toArray(String[]::new));
        if (exitCode != 0) {
            throw new AssertionError("the transport does not compile:\n" + messages.toString(StandardCharsets.UTF_8));
        }
    }

    private static String classPath(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    /** Without the module declaration: plugins run on a class path. */
    private static List<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString)
                    .filter(name -> name.endsWith(".java") && !name.endsWith("module-info.java"))
                    .toList();
        }
    }

    private static void add(JarOutputStream jar, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(folder.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }
}
