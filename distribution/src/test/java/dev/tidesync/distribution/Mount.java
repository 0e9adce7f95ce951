package dev.tidesync.distribution;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file system of the test's own, in a mount namespace that a process of its own holds open. Others on the machine do
 * not see it, and it goes with that process, however the test ends: the process waits for the end of its input.
 */
final class Mount implements AutoCloseable {
    /** A way into a namespace where this user may mount, and into it again. */
    private record Way(List<String> unshare, List<String> namespaces) {}

    private static final List<Way> WAYS = List.of(
            new Way(List.of("unshare", "-r", "-m"), List.of("-U", "-m", "--preserve-credentials")),
            new Way(List.of("unshare", "-m"), List.of("-m"))); // root where user namespaces are forbidden

    private final Process holder;
    private final Way way;

    private Mount(Process holder, Way way) {
        this.holder = holder;
        this.way = way;
    }

    /** A disk of a few megabytes; empty if this user may not mount anything here. */
    static Optional<Mount> smallDisk(Path directory, int mebibytes) throws Exception {
        return first("mount -t tmpfs -o size=" + mebibytes + "m tidesync-test \"$0\"", directory);
    }

    /** The directory as it is, but read-only, even for root; empty if this user may not mount anything here. */
    static Optional<Mount> readOnly(Path directory) throws Exception {
        return first("mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"", directory);
    }

    private static Optional<Mount> first(String mount, Path directory) throws Exception {
        for (Way way : WAYS) {
            Optional<Process> holder = start(way, mount, directory);
            if (holder.isPresent()) {
                Mount made = new Mount(holder.get(), way);
                if (made.isReady()) {
                    return Optional.of(made);
                }
                made.close();
            }
        }
        return Optional.empty();
    }

    private static Optional<Process> start(Way way, String mount, Path directory) {
        List<String> command = new ArrayList<>(way.unshare());
        command.addAll(List.of("sh", "-c", mount + " && echo ready && cat", directory.toString()));
        try {
            return Optional.of(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException noSuchProgram) {
            return Optional.empty();
        }
    }

    private boolean isReady() throws Exception {
        BufferedReader said =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        return "ready".equals(said.readLine()) && run("true").exitCode() == 0;
    }

    /** Starts a command that sees this file system. */
    Process start(String... command) throws IOException {
        List<String> inside = new ArrayList<>(List.of("nsenter", "-t", String.valueOf(holder.pid())));
        inside.addAll(way.namespaces());
        inside.add("--");
        inside.addAll(List.of(command));
        return new ProcessBuilder(inside).start();
    }

    /** Runs a command that sees this file system. */
    Bundle.Result run(String... command) throws Exception {
        return Bundle.await(start(command), "");
    }

    @Override
    public void close() {
        holder.destroy();
        holder.onExit().join();
    }
}
