package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Carries operations to the other side. A transport makes one attempt per call; retrying, waiting and giving up are the
 * engine's part.
 *
 * <p><b>Threads:</b> called by several threads at once, except that no two calls at a time carry operations of one
 * lane.
 */
@FunctionalInterface
public interface ISyncTransport extends AutoCloseable {
    /**
     * Attempts to deliver one operation and waits for the answer. The operation is durable before this is called.
     *
     * @return how it ended; {@link SendResult#delivered()} only when the other side has said it took custody. A failure
     *     that can be foreseen is a result, not an exception.
     * @throws Exception counts as a retryable failure of the operation; the engine goes on
     */
    SendResult send(Operation operation) throws Exception;

    /**
     * Starts to deliver one operation and returns without waiting for the answer. The default runs {@link #send} on
     * {@link SendContext#executor()}, which interrupts it when the deadline passes; a transport whose library is
     * asynchronous overrides this and completes the stage itself.
     *
     * @return a stage that completes once; completing it with an exception counts as a retryable failure, and a
     *     completion after {@link SendContext#timeLeft()} has run out is taken only if it says delivered
     */
    default CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        context.executor().execute(() -> {
            try {
                result.complete(send(operation));
            } catch (Throwable failure) {
                if (failure instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    /**
     * Lets go of connections and threads, within a few seconds. May be called twice, and while sends are running; these
     * then end with a retryable result.
     */
    @Override
    default void close() {}
}
