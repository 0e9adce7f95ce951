package dev.tidesync.spi;

import java.time.InstantSource;

/** What the engine hands a store provider. Implemented by the engine; safe to use from any thread. */
@HostImplemented
public interface OutboxStoreContext {
    /** The outbox URL, scheme included. */
    String url();

    /** The store's settings, already checked against its spec. */
    Settings settings();

    /** The wall clock. */
    InstantSource clock();
}
