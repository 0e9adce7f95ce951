package dev.tidesync.spi;

/**
 * The application's part in receiving: does what an operation asks for.
 *
 * <p>It runs again after it threw, later and later, until it returns; and once more if the process ended between its
 * return and the moment that was noted. So the effect is exactly once if the handler puts the operation's origin and
 * idempotency key into the same transaction as the effect, and at least once otherwise. A handler that wants to give up
 * on an operation returns.
 *
 * <p><b>Threads:</b> called by several threads at once, for different operations. Operations of one origin that share
 * an ordering key come one after another, in the order they were sent; one that fails holds up its lane and nothing
 * else.
 */
@FunctionalInterface
public interface InboxHandler {
    /**
     * Does what the operation asks for; when this returns, the operation is finished.
     *
     * @throws Exception if it has to be done again later
     */
    void handle(ReceivedOperation received) throws Exception;
}
