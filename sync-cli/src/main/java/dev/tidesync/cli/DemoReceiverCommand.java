package dev.tidesync.cli;

import dev.tidesync.cli.demo.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** The demo's receiver, as a process of its own; it ends when its standard input does. */
@Command(name = "demo-receiver", hidden = true, description = "Receives what the demo delivers.")
final class DemoReceiverCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--log", required = true)
    private Path log = Path.of("");

    @Override
    public Integer call() throws IOException {
        try (Receiver receiver = Receiver.start(port, log)) {
            receiver.serveUntilEndOf(Objects.requireNonNull(global).terminal().in());
        }
        return ExitCode.OK;
    }
}
