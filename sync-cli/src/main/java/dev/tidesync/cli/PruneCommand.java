package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidesync.engine.control.OutboxAccess;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tidesync prune}: forgets what was over long ago. */
@Command(
        name = "prune",
        description = "Forgets operations that were delivered long ago, or that failed for good long ago.",
        footer = {
            "",
            "Dead letters, which are operations that failed for good, are kept unless --status asks for",
            "them: somebody may want to read them, or send them again with 'tidesync retry'. What waits or",
            "is in flight is always kept. An id that was forgotten is free again."
        })
final class PruneCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable TidesyncCommand global;

    @Option(
            names = "--older-than",
            paramLabel = "SPAN",
            required = true,
            converter = DurationConverter.class,
            description = "Over for at least this span, as 7d")
    private Duration olderThan = Duration.ZERO;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Which of them: done, dead-letter or all; default: done")
    private Forgotten status = Forgotten.DONE;

    /** What a person wants to be forgotten. */
    enum Forgotten {
        DONE,
        DEAD_LETTER,
        ALL;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public Integer call() {
        int delivered = 0;
        int deadLetters = 0;
        try (OutboxAccess outbox = global().openOutbox()) {
            if (status != Forgotten.DONE) { // first, since an older owner of the outbox may refuse it
                deadLetters = outbox.pruneDeadLetters(olderThan);
            }
            if (status != Forgotten.DEAD_LETTER) {
                delivered = outbox.pruneDone(olderThan);
            }
        }
        tell(delivered, deadLetters);
        return ExitCode.OK;
    }

    private void tell(int delivered, int deadLetters) {
        int all = delivered + deadLetters;
        if (global().json()) {
            global().terminal()
                    .print(JsonNodeFactory.instance
                            .objectNode()
                            .put("pruned", all)
                            .put("done", delivered)
                            .put("permanent_failed", deadLetters));
        } else {
            global().terminal()
                    .print(all + " forgotten: " + delivered + " delivered, " + deadLetters + " failed for good");
        }
    }

    private TidesyncCommand global() {
        return Objects.requireNonNull(global);
    }
}
