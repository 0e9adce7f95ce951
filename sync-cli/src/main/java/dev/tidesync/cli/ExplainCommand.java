package dev.tidesync.cli;

import dev.tidesync.engine.control.InsightJson;
import dev.tidesync.engine.control.OutboxAccess;
import dev.tidesync.engine.insight.Explanation;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync explain}: why an operation has not gone. */
@Command(
        name = "explain",
        description = "Says what an operation waits for, until when, and what has happened to it.",
        footer = {
            "",
            "While 'tidesync run' or an application with a control socket delivers, it is asked; otherwise",
            "the answer is what the outbox alone knows."
        })
final class ExplainCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Parameters(paramLabel = "ID", description = "The operation's id")
    private String id = "";

    @Override
    public Integer call() {
        TidesyncCommand tidesync = Objects.requireNonNull(global);
        try (OutboxAccess outbox = tidesync.openOutbox()) {
            Explanation explanation = outbox.explain(id).orElseThrow(() -> tidesync.unknownOperation(id));
            if (tidesync.json()) {
                tidesync.terminal().print(InsightJson.write(explanation));
            } else {
                tidesync.terminal().print(ExplanationView.of(explanation, tidesync.nowMs()));
            }
        }
        return ExitCode.OK;
    }
}
