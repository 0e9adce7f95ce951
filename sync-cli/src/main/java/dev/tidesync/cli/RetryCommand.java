package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.control.OutboxAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync retry}: a person sends again what was given up. */
@Command(name = "retry", description = "Sends operations that failed for good again, with all their attempts.")
final class RetryCommand implements Callable<Integer> {
    private static final int PAGE = 500;

    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Parameters(paramLabel = "ID", description = "The operations' ids")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--all-failed", description = "Every operation that failed for good")
    private boolean allFailed;

    @Override
    public Integer call() {
        if (ids.isEmpty() != allFailed) {
            throw new CommandFailure(ExitCode.BAD_INPUT, "retry needs either ids or --all-failed");
        }
        try (OutboxAccess outbox = global().openOutbox()) {
            int retried = allFailed ? retryAllFailed(outbox) : retryEach(outbox);
            tell(retried);
            return allFailed || retried == ids.size() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /**
     * All ids are read first: an operation that fails again at once must not be retried for ever. One that somebody
     * else retried or pruned meanwhile is no longer meant.
     */
    private static int retryAllFailed(OutboxAccess outbox) {
        List<String> failed = failedIds(outbox);
        int retried = 0;
        for (int from = 0; from < failed.size(); from += PAGE) {
            retried += outbox.replayAll(failed.subList(from, Math.min(failed.size(), from + PAGE)));
        }
        return retried;
    }

    private static List<String> failedIds(OutboxAccess outbox) {
        List<String> failed = new ArrayList<>();
        List<Operation> page = outbox.page(OperationStatus.PERMANENT_FAILED, "", PAGE);
        while (!page.isEmpty()) {
            page.forEach(operation -> failed.add(operation.id()));
            page = outbox.page(OperationStatus.PERMANENT_FAILED, failed.get(failed.size() - 1), PAGE);
        }
        return failed;
    }

    private int retryEach(OutboxAccess outbox) {
        int retried = 0;
        for (String id : ids) {
            retried += retry(outbox, id) ? 1 : 0;
        }
        return retried;
    }

    private void tell(int retried) {
        if (global().json()) {
            global().terminal().print(JsonNodeFactory.instance.objectNode().put("retried", retried));
        } else {
            global().terminal().print(retried + " will be sent again");
        }
    }

    private boolean retry(OutboxAccess outbox, String id) {
        try {
            outbox.replay(id);
            return true;
        } catch (NoSuchElementException | IllegalStateException refused) {
            global().terminal().note("tidesync: " + refused.getMessage());
            return false;
        }
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
