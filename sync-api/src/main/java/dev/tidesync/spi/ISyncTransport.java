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
     * <p><b>Threads:</b> called on a thread that the engine keeps for calls, with the plugin's context class loader. It
     * should return at once, since the calls of a batch are made one after another; work that blocks belongs on
     * {@link SendContext#executor()}. A transport that blocks here all the same harms nobody else: the engine moves on,
     * gives its later calls threads of their own, as few at a time as blocking sends get, and trusts it again when they
     * return at once. A call that is still running at its deadline is interrupted, then left behind and counted as a
     * hanging send. The stage may be completed on any thread, also before this returns.
     *
     * @return a stage that completes once, never null; completing it with an exception counts as a retryable failure,
     *     and a completion after {@link SendContext#timeLeft()} has run out is taken only if it says delivered
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
     * then end with a retryable result. It runs on a thread of its own, beside that of other transports; if it is not
     * over after 5 seconds, it is interrupted and left behind, and the transport reported as broken.
     */
    @Override
    default void close() {}
}
