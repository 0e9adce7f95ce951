package dev.tidesync.cli;

import dev.tidesync.engine.wal.Damage;
import dev.tidesync.engine.wal.LogInspection;
import dev.tidesync.engine.wal.WalSegment;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync log verify}: whether everything that was durable can still be read. */
@Command(name = "verify", description = "Checks every record's checksum; exit code 1 if anything is damaged.")
final class LogVerifyCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable LogCommand parent;

    @Override
    public Integer call() {
        LogCommand command = Objects.requireNonNull(parent);
        return command.inspect(log -> verify(command.tidesync().terminal(), log));
    }

    private static int verify(Terminal terminal, LogInspection log) {
        for (Damage damage : log.damages()) {
            terminal.note(damage.message());
        }
        if (log.tornBytes() > 0) {
            terminal.note(
                    log.tornBytes() + " bytes at the end were cut short and never acknowledged: a write was, or is,"
                            + " under way; the next opening leaves them out");
        }
        if (log.unknownRecords() > 0) {
            terminal.note(log.unknownRecords() + " records were written by a newer version; they are kept, but have no"
                    + " effect here");
        }
        long bytes = log.segments().stream().mapToLong(WalSegment::bytes).sum();
        boolean sound = log.damages().isEmpty();
        terminal.print(log.segments().size() + " segments, " + bytes + " bytes: "
                + (sound ? "sound" : log.damages().size() + " damaged"));
        return sound ? ExitCode.OK : ExitCode.FAILED;
    }
}
