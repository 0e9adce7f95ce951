package dev.tidesync.cli;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Tells how a delivery goes: a line whenever something changed, at most one a second. Confined to one thread. */
final class Progress {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TidesyncCommand global;
    private Counts shown = new Counts(Map.of());
    private long shownAt = System.nanoTime() - INTERVAL_NANOS;

    Progress(TidesyncCommand global) {
        this.global = global;
    }

    void show(Counts counts) {
        if (System.nanoTime() - shownAt >= INTERVAL_NANOS) {
            finish(counts);
        }
    }

    /** The last line, however soon it comes after the one before. */
    void finish(Counts counts) {
        if (counts.equals(shown)) {
            return;
        }
        shown = counts;
        shownAt = System.nanoTime();
        if (global.json()) {
            global.terminal().print(counts.toJson());
        } else {
            global.terminal().print(counts.toSentence());
        }
        global.terminal().flush();
    }
}
