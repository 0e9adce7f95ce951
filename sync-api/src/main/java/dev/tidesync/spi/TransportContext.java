package dev.tidesync.spi;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** What the engine hands a transport when it is made. Implemented by the engine; safe to use from any thread. */
@HostImplemented
public interface TransportContext {
    /** The name of this instance, unique in the engine; the plugin's id unless configuration made several. */
    String instanceName();

    /** The instance's settings, already checked against the descriptor. */
    Settings settings();

    /** The wall clock. */
    InstantSource clock();

    /** A directory of this instance's own, which outlives restarts; made on first use by the plugin. */
    Path dataDirectory();

    /** Counters that operators see beside the instance's name. */
    TransportMetrics metrics();

    /** The engine's version, for a User-Agent or a hello. */
    String engineVersion();

    /**
     * Where a transport that also receives hands in what arrived; one that only sends ignores it. Empty if whoever made
     * this context keeps no inbox.
     */
    default Optional<Inbox> inbox() {
        return Optional.empty();
    }

    /**
     * The engine's own outbox, for a transport that takes custody of operations to pass them on. It takes operations
     * once the {@linkplain #inbox inbox} is open. Empty if whoever made this context has no outbox to offer.
     */
    default Optional<Enqueuer> outbox() {
        return Optional.empty();
    }
}
