package dev.tidesync.cli;

import dev.tidesync.api.OperationStatus;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tells how a delivery goes: a line whenever something changed, at most one a second. Confined to one thread. */
final class Progress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TidesyncCommand global;
    private Map<OperationStatus, Long> shown = Map.of();
    private long shownAt = System.nanoTime() - INTERVAL_NANOS;

    Progress(TidesyncCommand global) {
        this.global = global;
    }

    void show(Map<OperationStatus, Long> counts) {
        if (!counts.equals(shown) && System.nanoTime() - shownAt >= INTERVAL_NANOS) {
            print(counts);
        }
    }

    /** The last line, whatever was shown before. */
    void finish(Map<OperationStatus, Long> counts) {
        if (!counts.equals(shown)) {
            print(counts);
        }
    }

    private void print(Map<OperationStatus, Long> counts) {
        shown = counts;
        shownAt = System.nanoTime();
        if (global.json()) {
            global.terminal().print(StatsCommand.json(counts));
        } else {
            global.terminal().print(sentence(counts));
        }
        global.terminal().flush();
    }

    private static String sentence(Map<OperationStatus, Long> counts) {
        long waiting = counts.get(OperationStatus.PENDING) + counts.get(OperationStatus.FAILED);
        return counts.get(OperationStatus.DONE) + " delivered, " + waiting + " waiting, "
                + counts.get(OperationStatus.IN_FLIGHT) + " in flight, "
                + counts.get(OperationStatus.PERMANENT_FAILED) + " failed for good";
    }
}
