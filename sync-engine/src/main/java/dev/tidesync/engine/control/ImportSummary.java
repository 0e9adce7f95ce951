package dev.tidesync.engine.control;

import java.util.List;

/**
 * How an import went.
 *
 * @param imported how many operations were taken over
 * @param problems what could not be taken over and why, one sentence a row
 */
public record ImportSummary(int imported, List<String> problems) {
    /** Keeps a copy of the problems. */
    public ImportSummary {
        problems = List.copyOf(problems);
    }
}
