package dev.tidesync.engine.store;

import java.util.List;

/**
 * What became of an {@code outbox.json} that Vix sync wrote.
 *
 * @param imported how many operations were taken over
 * @param alreadyThere how many were known already, with the same intent, and so were left as they are
 * @param problems one sentence for each operation that was refused or changed on the way
 */
public record ImportReport(int imported, int alreadyThere, List<String> problems) {
    /** Copies the list. */
    public ImportReport {
        problems = List.copyOf(problems);
    }
}
