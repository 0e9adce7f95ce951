package dev.tidesync.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The unpacked bundle, run as its users run it: as processes. */
final class Bundle {
    private static final long PATIENCE_SECONDS = 120;

    private final Path home;

    private Bundle(Path home) {
        this.home = home;
    }

    /** The bundle that the build has just assembled. */
    static Bundle assembled() {
        return new Bundle(Path.of(
                Objects.requireNonNull(System.getProperty("tidesync.bundle"), "tidesync.bundle: set by the build")));
    }

    /** A copy of the bundle that a test may change. */
    static Bundle copyTo(Path target) throws IOException {
        Path source = assembled().home;
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return new Bundle(target);
    }

    Path home() {
        return home;
    }

    Path script() {
        return home.resolve("bin").resolve("tidesync");
    }

    /** How a process ended. */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    Process start(List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(script().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return builder.start();
    }

    Result run(String... arguments) throws Exception {
        return run(Map.of(), "", arguments);
    }

    Result run(Map<String, String> environment, String stdin, String... arguments) throws Exception {
        return await(start(List.of(arguments), environment), stdin);
    }

    /** Feeds a process its input and waits for its end. */
    static Result await(Process process, String stdin) throws Exception {
        FutureTask<String> err = reading(process.getErrorStream());
        FutureTask<String> out = reading(process.getInputStream());
        try (var in = process.getOutputStream()) {
            in.write(stdin.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the process did not end; it printed: " + out.get() + err.get());
        }
        return new Result(process.exitValue(), out.get(), err.get());
    }

    /** On a thread of its own: a process whose output nobody reads stands still, and so does whoever feeds it. */
    private static FutureTask<String> reading(InputStream stream) {
        FutureTask<String> task = new FutureTask<>(() -> text(stream));
        Thread thread = new Thread(task, "bundle-output");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
