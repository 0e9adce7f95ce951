package dev.tidesync.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process of this same command, which dies with this one. Confined to one thread. */
public final class ChildProcess implements AutoCloseable {
    private static final String HOME = "tidesync.home";
    private static final String MAIN_CLASS = "dev.tidesync.cli.Main";

    private final Process process;
    private final Thread killer;

    private ChildProcess(Process process) {
        this.process = process;
        this.killer = new Thread(process::destroyForcibly, "tidesync-child-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** Starts {@code tidesync} with these arguments; what it prints goes to the file. */
    public static ChildProcess start(Path output, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        inherit(command, HOME);
        inherit(command, "logback.configurationFile");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN_CLASS));
        command.addAll(arguments);
        return new ChildProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
    }

    private static void inherit(List<String> command, String property) {
        String value = System.getProperty(property);
        if (value != null) {
            command.add("-D" + property + "=" + value);
        }
    }

    /** The process's id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the process as {@code kill -9} does, without any chance to clean up. Returns its exit code. */
    public int kill() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor();
    }

    /** Waits for the process to end by itself; false if it did not in time. */
    public boolean awaitEnd(Duration bound) throws InterruptedException {
        return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Its exit code, once it has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException shuttingDown) {
            // then the hook does what close has just done
            return;
        }
    }
}
