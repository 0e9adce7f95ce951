package dev.tidesync.cli;

import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.insight.EngineStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync top}: what goes on, live. */
@Command(
        name = "top",
        description = "Shows what goes on, again and again, until Ctrl-C.",
        footer = {"", "Without an engine that delivers, it shows the outbox once and then waits for one."})
final class TopCommand implements Callable<Integer> {
    /** Cursor to the upper left corner, and erase what is below it (ECMA-48, CUP and ED). */
    private static final String CLEAR = "\u001b[H\u001b[J";

    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(
            names = "--interval",
            paramLabel = "SPAN",
            converter = DurationConverter.class,
            description = "How often to look; default: 1s")
    private Duration interval = Duration.ofSeconds(1);

    @Option(names = "--once", description = "Show it once and end")
    private boolean once;

    private @Nullable TopFrame last;

    @Override
    public Integer call() throws InterruptedException {
        if (interval.isZero() || interval.isNegative()) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "--interval must be more than 0, was: " + interval);
        }
        try (StopSignal stop = new StopSignal()) {
            try (OutboxAccess outbox = global().openOutbox()) {
                show(outbox);
            }
            while (!once && !stop.latch().await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                showIfHeld();
            }
        }
        return ExitCode.OK;
    }

    /** An outbox that nobody holds is left alone: holding it would keep an engine out. */
    private void showIfHeld() {
        Optional<? extends OutboxAccess> held = global().opener().connect();
        if (held.isPresent()) {
            try (OutboxAccess outbox = held.get()) {
                show(outbox);
            }
        }
    }

    private void show(OutboxAccess outbox) {
        EngineStatus engine = outbox.engineStatus();
        TopFrame frame = new TopFrame(System.nanoTime(), new Counts(outbox.counts()), engine);
        Terminal terminal = global().terminal();
        if (global().json()) {
            terminal.print(frame.toJson());
        } else {
            terminal.out().print(terminal.interactive() && !once ? CLEAR : "");
            frame.lines(last, global().nowMs()).forEach(terminal::print);
        }
        terminal.flush();
        last = frame;
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
