package dev.tidesync.engine.simulation;

import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that moves only when told to, either way. */
final class SimulatedClock implements InstantSource {
    private static final long START_MS = 1_800_000_000_000L;

    private long nowMs = START_MS;
    private long latestMs = START_MS;

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public long millis() {
        return nowMs;
    }

    /** Moves by {@code deltaMs}, which may be negative. */
    void move(long deltaMs) {
        nowMs += deltaMs;
        latestMs = Math.max(latestMs, nowMs);
    }

    /** The latest time it has ever shown. */
    long latestMs() {
        return latestMs;
    }
}
