package dev.tidesync.engine.insight;

import java.util.Optional;

/**
 * What can be asked of an engine while it works. Safe for use by many threads; an answer is that of one moment, and may
 * be out of date when it is read.
 */
public interface EngineInsight {
    /**
     * Why an operation has not gone: what it waits for, and until when; empty if there is no such operation.
     *
     * @throws dev.tidesync.spi.OutboxStoreException if the store cannot be read
     */
    Optional<Explanation> explain(String id);

    /** How the engine and its destinations stand; empty if it did not answer within two seconds. */
    Optional<EngineStatus> status();
}
