package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.OperationJson;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync list}: operations, those that still need something first. */
@Command(
        name = "list",
        description = "Shows operations: in flight, failed, pending, failed for good, done; each oldest first.")
final class ListCommand implements Callable<Integer> {
    private static final int PAGE = 200;

    private static final List<OperationStatus> BY_NEED = List.of(
            OperationStatus.IN_FLIGHT,
            OperationStatus.FAILED,
            OperationStatus.PENDING,
            OperationStatus.PERMANENT_FAILED,
            OperationStatus.DONE);

    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only this status: PENDING, IN_FLIGHT, DONE, FAILED or PERMANENT_FAILED")
    private @Nullable OperationStatus status;

    @Option(names = "--limit", paramLabel = "N", description = "How many at most; default: 50")
    private int limit = 50;

    @Override
    public Integer call() {
        if (limit < 0) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "--limit must not be negative, was: " + limit);
        }
        try (OutboxAccess outbox = global().openOutbox()) {
            List<OperationStatus> statuses = status == null ? BY_NEED : List.of(status);
            show(outbox, statuses);
        }
        return ExitCode.OK;
    }

    private void show(OutboxAccess outbox, List<OperationStatus> statuses) {
        int left = limit;
        if (!global().json()) {
            global().terminal().print(OperationView.header());
        }
        for (OperationStatus each : statuses) {
            left -= show(outbox, each, left);
        }
        noteWhatIsNotShown(outbox, statuses, limit - left);
    }

    private int show(OutboxAccess outbox, OperationStatus each, int atMost) {
        int shown = 0;
        String last = "";
        while (shown < atMost) {
            List<Operation> page = outbox.page(each, last, Math.min(PAGE, atMost - shown));
            if (page.isEmpty()) {
                break;
            }
            page.forEach(this::show);
            shown += page.size();
            last = page.get(page.size() - 1).id();
        }
        return shown;
    }

    private void show(Operation operation) {
        if (global().json()) {
            global().terminal().print(OperationJson.write(operation));
        } else {
            global().terminal().print(OperationView.row(operation));
        }
    }

    private void noteWhatIsNotShown(OutboxAccess outbox, List<OperationStatus> statuses, int shown) {
        long all = outbox.counts().entrySet().stream()
                .filter(count -> statuses.contains(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        if (all > shown && !global().json()) {
            global().terminal().note((all - shown) + " more; --limit shows them");
        }
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
