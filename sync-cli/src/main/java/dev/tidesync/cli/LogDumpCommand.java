package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.wal.LogInspection;
import dev.tidesync.engine.wal.WalRecord;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync log dump}: every record, in the order of the log, without payloads and headers. */
@Command(
        name = "dump",
        description = "Prints each record: file, position, logical offset, length of its frame, and what it says."
                + " One that has no effect, since a recovery put it aside, is marked with '-'.")
final class LogDumpCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable LogCommand parent;

    @Override
    public Integer call() {
        LogCommand command = Objects.requireNonNull(parent);
        boolean json = command.tidesync().json();
        Terminal terminal = command.tidesync().terminal();
        return command.inspect(log -> {
            log.forEachFrame(frame -> {
                for (WalRecord walRecord : frame.records()) {
                    if (json) {
                        terminal.print(toJson(frame, walRecord));
                    } else {
                        terminal.print(row(frame, walRecord));
                    }
                }
            });
            return ExitCode.OK;
        });
    }

    private static String row(LogInspection.Frame frame, WalRecord walRecord) {
        return String.format(
                Locale.ROOT,
                "%s %10d %16d %8d %s%s",
                frame.file(),
                frame.position(),
                frame.offset(),
                frame.bytes(),
                frame.counts() ? " " : "-",
                Terminal.visible(walRecord.toString()));
    }

    private static ObjectNode toJson(LogInspection.Frame frame, WalRecord walRecord) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("file", frame.file())
                .put("position", frame.position())
                .put("offset", frame.offset())
                .put("bytes", frame.bytes())
                .put("counts", frame.counts())
                .put("type", walRecord.getClass().getSimpleName())
                .put("record", walRecord.toString());
    }
}
