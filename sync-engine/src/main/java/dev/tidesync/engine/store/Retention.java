package dev.tidesync.engine.store;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Forgets what was delivered, once it is old enough or too much of it is kept, the oldest first. What failed for good
 * stays until a person decides about it.
 */
final class Retention {
    private final Outcomes outcomes;
    private final Duration keptFor;
    private final long keptCount;
    private final InstantSource clock;

    Retention(Outcomes outcomes, FileOutboxStore.Config config) {
        this.outcomes = outcomes;
        this.keptFor = config.retainDoneFor();
        this.keptCount = config.retainDoneCount();
        this.clock = config.clock();
    }

    /** Forgets what is due by now. Losing this to a power cut means that it is forgotten a little later. */
    void run() {
        outcomes.forgetDone(keptFor, clock.millis());
        outcomes.forgetDoneBeyond(keptCount);
    }
}
