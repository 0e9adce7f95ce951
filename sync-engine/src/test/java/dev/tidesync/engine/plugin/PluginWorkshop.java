package dev.tidesync.engine.plugin;

import dev.tidesync.spi.SyncTransportProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Compiles plugins from source while a test runs, and packs them into JARs, sound ones and broken ones. */
final class PluginWorkshop {
    static final String SERVICES_FILE = "META-INF/services/" + SyncTransportProvider.class.getName();

    /** What every plugin here extends unless it is to be broken: a provider named after its class. */
    private static final String SOUND = """
            package workshop;
            import dev.tidesync.api.*;
            import dev.tidesync.spi.*;
            public abstract class Sound implements SyncTransportProvider {
                public TransportDescriptor descriptor() {
                    String id = getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
                    return TransportDescriptor.builder(id, SyncSpi.LEVEL).version("1").kindPrefix(id + ".").build();
                }
                public ISyncTransport create(TransportContext context) throws TransportConfigException {
                    return operation -> SendResult.delivered();
                }
            }
            """;

    private final Path classes;

    /** Compiles the sources, by class name, all in package {@code workshop}. */
    PluginWorkshop(Path directory, Map<String, String> sources) throws IOException {
        this.classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("--release", "17", "-proc:none", "-d", classes.toString(), "-classpath", apiLocation()));
        arguments.add(write(directory, "Sound", SOUND));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            arguments.add(write(directory, source.getKey(), source.getValue()));
        }
        compile(arguments);
    }

    private static String write(Path directory, String className, String source) throws IOException {
        return Files.writeString(directory.resolve(className + ".java"), source).toString();
    }

    private static void compile(List<String> arguments) {
        ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output);
        if (javac.run(printer, printer, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError("the plugin sources do not compile: " + output);
        }
    }

    private static String apiLocation() {
        try {
            return Path.of(SyncTransportProvider.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** A JAR of the named class, its nested classes and {@code Sound}, which registers the class as a provider. */
    Path jarOf(Path jar, String className) throws IOException {
        return jar(jar, List.of("workshop." + className), "Sound", className);
    }

    /** A JAR of the named classes that registers the given provider names, line by line. */
    Path jar(Path jar, List<String> registered, String... classNames) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(SERVICES_FILE, String.join("\n", registered).getBytes(StandardCharsets.UTF_8));
        for (String className : classNames) {
            entries.putAll(classFiles(className));
        }
        return pack(jar, entries);
    }

    /** The compiled class and those nested in it, by entry name. */
    Map<String, byte[]> classFiles(String className) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> compiled = Files.list(classes.resolve("workshop"))) {
            compiled.filter(file -> file.getFileName().toString().matches(className + "(\\$.*)?\\.class"))
                    .forEach(file -> files.put("workshop/" + file.getFileName(), bytes(file)));
        }
        return files;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Path pack(Path jar, Map<String, byte[]> entries) throws IOException {
        Files.createDirectories(jar.toAbsolutePath().getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return jar;
    }
}
