package dev.tidesync.engine.plugin;

import dev.tidesync.spi.SyncTransportProvider;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

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
        Map<String, String> all = new LinkedHashMap<>(sources);
        all.put("Sound", SOUND);
        compile(all);
    }

    private void compile(Map<String, String> sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = sources.entrySet().stream()
                .<JavaFileObject>map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        List<String> options =
                List.of("--release", "17", "-proc:none", "-d", classes.toString(), "-classpath", apiLocation());
        StringBuilder errors = new StringBuilder();
        boolean compiled = compiler.getTask(
                        null, null, problem -> errors.append(problem).append(File.separatorChar), options, null, units)
                .call();
        if (!compiled) {
            throw new AssertionError("the plugin sources do not compile: " + errors);
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

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(String className, String code) {
            super(URI.create("string:///workshop/" + className + ".java"), Kind.SOURCE);
            this.code = code;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
