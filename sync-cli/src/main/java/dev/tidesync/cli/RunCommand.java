package dev.tidesync.cli;

import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.engine.wal.Damage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync run}: delivers in the foreground. */
@Command(
        name = "run",
        description = "Delivers what is in the outbox, until Ctrl-C or until it is empty.",
        footer = {
            "",
            "Exit code with --until-empty: 0 if all is done, 3 if anything failed for good, 4 if what is",
            "left can never go for want of a transport, 5 if --for was over first, 1 if the log is damaged,",
            "so that nobody knows whether all is done."
        })
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(names = "--until-empty", description = "End as soon as nothing is left that can go")
    private boolean untilEmpty;

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            converter = DurationConverter.class,
            description = "End after this span, as 30s")
    private @Nullable Duration atMost;

    @Override
    public Integer call() throws InterruptedException {
        try (StopSignal stop = new StopSignal()) {
            int exitCode = deliver(stop.latch());
            global().terminal().flush();
            return exitCode;
        }
    }

    private int deliver(CountDownLatch stop) throws InterruptedException {
        try (SyncEngine engine = global().opener().openEngine()) {
            engine.start();
            return deliver(engine, stop);
        }
    }

    private int deliver(SyncEngine engine, CountDownLatch stop) throws InterruptedException {
        RunMetrics metrics = RunMetrics.of(engine, global());
        try (metrics) {
            Progress progress = new Progress(global());
            int exitCode = new RunWatch(engine, progress, untilEmpty).watch(stop, atMost);
            engine.stop();
            progress.finish(new Counts(engine.outbox().store().counts()));
            return untilEmpty ? unlessDamaged(engine, exitCode) : exitCode;
        }
    }

    /** An operation that damage took is in no count, so that an empty outbox proves nothing then. */
    private int unlessDamaged(SyncEngine engine, int exitCode) {
        if (!(engine.outbox().store() instanceof FileOutboxStore store)
                || store.recovery().damages().isEmpty()) {
            return exitCode;
        }
        List<Damage> damages = store.recovery().damages();
        global().terminal()
                .note("tidesync: operations may be missing: " + damages.get(0).message()
                        + (damages.size() > 1 ? "; and " + (damages.size() - 1) + " more places" : "")
                        + "; compare with what was enqueued, then go on in a new data directory");
        return exitCode == ExitCode.OK ? ExitCode.FAILED : exitCode;
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
