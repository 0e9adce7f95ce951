package dev.tidesync.engine.control;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person's commands may do with an outbox, whether this process owns it or another one does.
 *
 * <p><b>Errors:</b> {@link dev.tidesync.spi.OutboxStoreException} if the outbox fails or can no longer be reached.
 *
 * <p><b>Threads:</b> an access is for one thread at a time.
 */
public interface OutboxAccess extends AutoCloseable {
    /**
     * Enqueues each operation that can be; what is accepted is durable when this returns.
     *
     * @return one answer an operation, in order
     */
    List<EnqueueAnswer> enqueueAll(List<Operation> operations);

    /** The operation with this id. */
    Optional<Operation> find(String id);

    /**
     * The next operations with a status, in FIFO order.
     *
     * @param afterId the last id of the page before; empty for the first page
     * @return at most {@code limit}, and fewer where payloads are large; only an empty page is the end
     */
    List<Operation> page(OperationStatus status, String afterId, int limit);

    /** How many operations have each status; every status has an entry. */
    Map<OperationStatus, Long> counts();

    /**
     * Sends a buried operation again.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if its status is another than PERMANENT_FAILED; names it
     */
    void replay(String id);

    /** Sends those of these operations that are buried again, and leaves the others. Returns how many go again. */
    int replayAll(List<String> ids);

    /**
     * Gives up on a waiting operation.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if it does not wait; names its status
     */
    void cancel(String id);

    /** Forgets operations that have been DONE for {@code age} or longer. Returns how many. */
    int pruneDone(Duration age);

    /** Forgets operations that have been PERMANENT_FAILED for {@code age} or longer. Returns how many. */
    int pruneDeadLetters(Duration age);

    /**
     * Takes over the operations of a Vix sync {@code outbox.json}.
     *
     * @throws IllegalArgumentException if it is no such file
     */
    ImportSummary importVix(Path file);

    /**
     * Why an operation has not gone, as its owner's engine knows it, or else its store alone; empty if there is no such
     * operation. The operation in it may have come without its payload.
     */
    Optional<Explanation> explain(String id);

    /** How the engine that delivers stands; {@link EngineStatus#NONE} if there is none. */
    EngineStatus engineStatus();

    /** Lets go of the outbox; what was enqueued stays. */
    @Override
    void close();
}
