package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidesync.engine.wal.LogInspection;
import dev.tidesync.engine.wal.WalSegment;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync log stats}: what the log is made of. */
@Command(name = "stats", description = "Counts the records of each type, and the bytes of their frames.")
final class LogStatsCommand implements Callable<Integer> {
    /** How much there is of one type of record. */
    private static final class Share {
        private long records;
        private long bytes;
    }

    @ParentCommand
    private @Nullable LogCommand parent;

    @Override
    public Integer call() {
        LogCommand command = Objects.requireNonNull(parent);
        return command.inspect(log -> {
            print(command.tidesync(), log, shares(log));
            return ExitCode.OK;
        });
    }

    private static Map<String, Share> shares(LogInspection log) throws IOException {
        Map<String, Share> shares = new TreeMap<>();
        log.forEachFrame(frame -> {
            Share share =
                    shares.computeIfAbsent(frame.records().get(0).getClass().getSimpleName(), type -> new Share());
            share.records += frame.records().size();
            share.bytes += frame.bytes();
        });
        return shares;
    }

    private static void print(TidesyncCommand tidesync, LogInspection log, Map<String, Share> shares) {
        if (tidesync.json()) {
            tidesync.terminal().print(toJson(log, shares));
            return;
        }
        shares.forEach((type, share) -> tidesync.terminal().print(row(type, share.records, share.bytes)));
        tidesync.terminal().print(row("segments", log.segments().size(), fileBytes(log)));
    }

    private static String row(String name, long count, long bytes) {
        return String.format(Locale.ROOT, "%-12s %,12d %,16d bytes", name, count, bytes);
    }

    private static ObjectNode toJson(LogInspection log, Map<String, Share> shares) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        shares.forEach((type, share) ->
                json.putObject(type).put("records", share.records).put("bytes", share.bytes));
        json.putObject("segments").put("files", log.segments().size()).put("bytes", fileBytes(log));
        return json;
    }

    private static long fileBytes(LogInspection log) {
        return log.segments().stream().mapToLong(WalSegment::bytes).sum();
    }
}
