package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import java.util.concurrent.CompletionStage;

/**
 * Where operations that others send arrive: it keeps each one durably, once, and runs the application's handler for it.
 * Implemented by the engine.
 *
 * <p>An operation is known by its origin and its idempotency key. The origin is whoever the transport has
 * <em>authenticated</em> — a peer's id, the name of a token — and never a field of the message, so that one sender
 * cannot occupy the keys of another. Beside the key, a fingerprint of kind, target, content type and payload is kept,
 * so that a key that is used again for something else is noticed.
 *
 * <p><b>Durability:</b> once {@link #accept} has ended with an {@linkplain InboxResult#acknowledged acknowledged}
 * result, the operation survives a crash of the process and of the machine, and its handler runs until it succeeds. A
 * transport acknowledges after that, and not before.
 *
 * <p><b>Threads:</b> safe for use by many. No method waits for the disk.
 */
@HostImplemented
public interface Inbox {
    /**
     * Takes custody of an operation. Id and times of the operation are the sender's; its lifecycle is ignored.
     *
     * @param origin the authenticated sender, 1 to 255 printable ASCII characters
     * @return what became of it, known once it is durable or refused. The stage ends with {@link OutboxStoreException}
     *     if the disk failed: nothing is known then, and the sender must send again. It may complete on the inbox's own
     *     thread, so what depends on it must not block
     * @throws IllegalArgumentException if the origin has another shape
     */
    CompletionStage<InboxResult> accept(String origin, Operation operation);

    /**
     * Has a handler run for every operation whose kind begins with the prefix, also for those that came before; the
     * longest prefix wins. Operations that no prefix fits wait.
     *
     * @param kindPrefix as {@code ws.} or {@code p2p.message}; empty for every kind
     * @return takes the handler away again; what it runs at that moment is finished
     * @throws IllegalStateException if the prefix has a handler already
     */
    Registration onReceive(String kindPrefix, InboxHandler handler);

    /**
     * Runs {@code start} once the inbox takes operations: now if it does, later if its engine is still being put
     * together, and never if plugins are merely listed. A transport that receives opens its port in it. What
     * {@code start} throws is the failure of the engine to open.
     */
    void whenOpen(Runnable start);

    /** A handler's place in an inbox. */
    @HostImplemented
    interface Registration extends AutoCloseable {
        /** Takes the handler away. Operations that come then wait for another one. Closing twice does nothing. */
        @Override
        void close();
    }
}
