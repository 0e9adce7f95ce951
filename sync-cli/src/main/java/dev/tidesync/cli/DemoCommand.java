package dev.tidesync.cli;

import dev.tidesync.cli.demo.Demo;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync demo}: shows the whole on loopback, in a directory of its own. */
@Command(
        name = "demo",
        description = "Delivers 1,000 operations to a receiver of its own, although it is down at first and fails one"
                + " request in ten, and although the delivering process is killed half-way.",
        footer = {"", "Exit code: 0 if each had its effect exactly once, 1 otherwise."})
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(names = "--count", paramLabel = "N", hidden = true, description = "How many operations")
    private int count = 1000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = Objects.requireNonNull(global).terminal();
        Path directory = Files.createTempDirectory("tidesync-demo-");
        Installation installation = new Installation(Demo.dataDirectory(directory), Optional.empty(), Map.of());
        Demo demo = new Demo(
                directory,
                () -> new OutboxOpener(installation, "tidesync demo").open(),
                terminal.out(),
                terminal.interactive(),
                count);
        if (!demo.play()) {
            terminal.note("tidesync: the demo failed; what its processes wrote is in " + directory);
            return ExitCode.FAILED;
        }
        delete(directory);
        return ExitCode.OK;
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
