package dev.tidesync.spi;

/** Counters of one transport instance. Implemented by the engine; safe to use from any thread, and cheap. */
@HostImplemented
public interface TransportMetrics {
    /**
     * Adds to a counter, which begins at zero.
     *
     * @param counter a name in lower-case words joined by hyphens, such as {@code connections-opened}
     */
    void add(String counter, long amount);
}
