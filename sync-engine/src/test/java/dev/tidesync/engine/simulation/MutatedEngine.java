package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.store.CompactionRun;
import dev.tidesync.engine.store.SnapshotRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The engine and its simulation in a class loader of their own, with some classes compiled from changed sources. It
 * loads all of {@code dev.tidesync.engine} itself, so that the changed classes meet their package's others.
 */
final class MutatedEngine extends ClassLoader {
    private static final String OWN_PACKAGES = "dev.tidesync.engine.";
    private static final Path SOURCES = Path.of("src/main/java/dev/tidesync/engine");

    private final Map<String, byte[]> changed;

    private MutatedEngine(Map<String, byte[]> changed) {
        super(MutatedEngine.class.getClassLoader());
        this.changed = changed;
    }

    /** The engine as it is. */
    static MutatedEngine unchanged() {
        return new MutatedEngine(Map.of());
    }

    /** The engine with one mistake in it. */
    static MutatedEngine with(PlantedBug bug) throws IOException {
        Path file = SOURCES.resolve(bug.file());
        String source = bug.plantIn(Files.readString(file, StandardCharsets.UTF_8));
        return new MutatedEngine(compile(file, source));
    }

    /** Runs a seed in this engine: a description of the broken promise, or empty. */
    LongFunction<String> simulation() throws ReflectiveOperationException {
        return run(SeedRun.class);
    }

    /** As {@link #simulation}, of compactions alone. */
    LongFunction<String> compaction() throws ReflectiveOperationException {
        return run(CompactionRun.class);
    }

    /** As {@link #simulation}, of snapshots of the index alone. */
    LongFunction<String> snapshots() throws ReflectiveOperationException {
        return run(SnapshotRun.class);
    }

    @SuppressWarnings("unchecked") // it is the same class, only loaded again
    private LongFunction<String> run(Class<? extends LongFunction<String>> run) throws ReflectiveOperationException {
        return (LongFunction<String>)
                loadClass(run.getName()).getDeclaredConstructor().newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN_PACKAGES)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.containsKey(name) ? changed.get(name) : unchangedBytes(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] unchangedBytes(String name) throws ClassNotFoundException {
        try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return bytes.readAllBytes();
        } catch (IOException failure) {
            throw new ClassNotFoundException(name, failure);
        }
    }

    private static Map<String, byte[]> compile(Path file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (CompiledClasses classes = new CompiledClasses(compiler.getStandardFileManager(null, null, null))) {
            List<String> options = List.of("-proc:none", "-nowarn", "-classpath", classPath());
            boolean compiled = compiler.getTask(
                            messages, classes, null, options, null, List.of(new SourceText(file, source)))
                    .call();
            if (!compiled) {
                throw new AssertionError("the changed " + file + " does not compile:\n" + messages);
            }
            return classes.bytes();
        }
    }

    /** Class path and module path of the tests, in whichever way they are run. */
    private static String classPath() {
        Stream<String> paths = Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
                .map(property -> System.getProperty(property, ""));
        String own = Path.of("target", "classes").toAbsolutePath().toString();
        return Stream.concat(Stream.of(own, locationOf(Operation.class)), paths)
                .filter(path -> !path.isEmpty())
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }

    private static String locationOf(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    /** A source file that is only in memory. */
    private static final class SourceText extends SimpleJavaFileObject {
        private final String text;

        SourceText(Path file, String text) {
            super(file.toAbsolutePath().toUri(), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes in memory. */
    private static final class CompiledClasses extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> outputs = new HashMap<>();

        CompiledClasses(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            outputs.put(className, output);
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return output;
                }
            };
        }

        Map<String, byte[]> bytes() {
            return outputs.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
        }
    }
}
