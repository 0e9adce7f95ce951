package dev.tidesync.transport.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Remembers which credential an origin has refused, so that the origin is asked again only with another one, or now and
 * then to see whether it has changed its mind. Safe for use by several threads.
 */
final class RefusedCredentials {
    private record Refusal(String credential, Instant at) {}

    private final ConcurrentMap<String, Refusal> byOrigin = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final Duration probeInterval;

    RefusedCredentials(InstantSource clock, Duration probeInterval) {
        this.clock = clock;
        this.probeInterval = probeInterval;
    }

    void refused(String origin, String credential) {
        byOrigin.put(origin, new Refusal(credential, clock.instant()));
    }

    void accepted(String origin) {
        byOrigin.remove(origin);
    }

    /** How long this credential need not be shown to the origin again; empty if it may be shown now. */
    Optional<Duration> waitFor(String origin, String credential) {
        Refusal refusal = byOrigin.get(origin);
        if (refusal == null || !refusal.credential.equals(credential)) {
            return Optional.empty();
        }
        Duration sinceRefusal = Duration.between(refusal.at, clock.instant());
        boolean clockWentBack = sinceRefusal.isNegative();
        Duration left = probeInterval.minus(sinceRefusal);
        return clockWentBack || left.isNegative() || left.isZero() ? Optional.empty() : Optional.of(left);
    }
}
