package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The engine's outbox, for transports that take custody of operations to pass them on: what is enqueued is delivered
 * like any other operation, through whatever transport serves its kind. Implemented by the engine.
 *
 * <p><b>Threads:</b> safe for use by many. {@link #enqueue} may read the disk but does not wait for a force;
 * {@link #eachUnfinished} reads a lot. Neither belongs on a thread that serves connections.
 */
@HostImplemented
public interface Enqueuer {
    /**
     * Takes custody of an operation, which must have an id. If one with this id is kept already, that one stands and
     * the given one is dropped, even if it asks for something else: whoever enqueues for others makes ids that say what
     * the operation is.
     *
     * @return the operation that is kept, as it stands, once it is durable; the stage ends with
     *     {@link OutboxStoreException} if the disk failed. It may complete on a thread of the store, so what depends on
     *     it must not block
     * @throws IllegalArgumentException if it exceeds the outbox's limits, has no id, or another of its id is on its way
     *     to disk at this moment
     * @throws IllegalStateException if the engine is not open, or not any more
     */
    CompletionStage<Operation> enqueue(Operation operation);

    /**
     * Shows every operation of this kind that is neither delivered nor given up, read from disk one by one.
     *
     * @throws OutboxStoreException if the disk failed
     * @throws IllegalStateException if the engine is not open, or not any more
     */
    void eachUnfinished(String kind, Consumer<Operation> visitor);
}
