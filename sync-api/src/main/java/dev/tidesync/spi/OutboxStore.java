package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keeps operations, durably and in order. The nine methods without a body are what every store must have; the others
 * have bodies in terms of them, which a store overrides to be faster or to promise more. What a default cannot promise,
 * it says.
 *
 * <p><b>Order:</b> listings and claims follow the order of enqueue (FIFO), per lane without exception.
 *
 * <p><b>Transitions:</b> a change that an operation's status does not allow is refused: the method returns false and
 * changes nothing. {@link #cancel} and {@link #replay}, being a person's decisions, throw and say why.
 *
 * <p><b>Threads:</b> safe for use by many threads. A claim is atomic: of all that race for one operation, one wins.
 *
 * <p><b>Errors:</b> every method may throw {@link OutboxStoreException} if the disk or database fails.
 * {@link IllegalStateException} means the store is closed.
 */
public interface OutboxStore extends AutoCloseable {
    /**
     * Inserts an operation. When this returns, the operation is durable. Putting the same intent under a known id again
     * changes nothing.
     *
     * @throws IllegalArgumentException if its id is empty, or is taken by an operation with another intent
     */
    void put(Operation operation);

    /** The operation with this id, as it stands; empty if there is none, or it is not durable yet. */
    Optional<Operation> get(String id);

    /** Operations that are not final, in FIFO order. */
    List<Operation> list(ListOptions options);

    /** Claims one operation that is due and at the head of its lane: true if it is now IN_FLIGHT under this owner. */
    boolean claim(String id, String owner, long nowMs);

    /** IN_FLIGHT becomes DONE. Logged at once; losing it to a power cut means one more delivery under the same key. */
    boolean markDone(String id, long nowMs);

    /** IN_FLIGHT becomes FAILED, charged one attempt, to be tried again at {@code nextRetryAtMs}. */
    boolean markFailed(String id, String error, long nowMs, long nextRetryAtMs);

    /** IN_FLIGHT becomes PERMANENT_FAILED, charged one attempt. Durable when this returns. */
    boolean markPermanentFailed(String id, String error, long nowMs);

    /** Forgets DONE operations whose last change was at {@code olderThanMs} or before. Returns how many. */
    int pruneDone(long olderThanMs);

    /**
     * Gives back operations that have been IN_FLIGHT for {@code timeoutMs} or longer without a renewal: they become
     * FAILED, due now, charged one attempt, since they may be what crashes their owner. Returns how many.
     */
    int requeueInflightOlderThan(long nowMs, long timeoutMs);

    /**
     * Inserts operations as {@link #put} does, all durable when this returns. The default puts them one after another;
     * if one is refused, those before it are kept.
     */
    default void putAll(List<Operation> operations) {
        operations.forEach(this::put);
    }

    /**
     * Inserts an operation as {@link #put} does, without waiting: it is durable when the answer completes, and the
     * answer fails with an {@link OutboxStoreException} if it could not be made so. The operations that one thread puts
     * keep their order. Answers may complete on a thread of the store, which what follows must not block. The default
     * does wait.
     *
     * @throws IllegalArgumentException as {@link #put}
     */
    default CompletionStage<Void> putAsync(Operation operation) {
        try {
            put(operation);
            return CompletableFuture.completedStage(null);
        } catch (OutboxStoreException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    /**
     * Claims a batch of ready operations, fairly over kinds and destinations, as far as the request's gate admits. What
     * the gate holds for a reason keeps its status and is noted that reason as its last error. The default claims one
     * after another, without tokens, and notes nothing; operations that the gate refuses can hide others from it.
     */
    default List<Claim> claimReady(ClaimRequest request) {
        List<Claim> claims = new ArrayList<>();
        Map<List<String>, Integer> admitted = new java.util.HashMap<>();
        for (Operation ready : list(ListOptions.builder()
                .nowMs(request.nowMs())
                .limit(Integer.MAX_VALUE)
                .build())) {
            if (claims.size() >= request.limit()) {
                break;
            }
            List<String> queue = List.of(ready.kind(), ready.destination());
            int left = admitted.computeIfAbsent(
                    queue,
                    unseen -> request.gate()
                            .admit(ready.kind(), ready.destination())
                            .limit());
            if (left > 0 && claim(ready.id(), request.owner(), request.nowMs())) {
                admitted.put(queue, left - 1);
                get(ready.id()).ifPresent(claimed -> claims.add(new Claim(claimed, request.owner(), 0, false)));
            }
        }
        return claims;
    }

    /**
     * Records how a claim ended; false if the claim is no longer the operation's newest and the verdict is not
     * DELIVERED. A late delivery becomes DONE, since it is true. PERMANENT_FAILED is durable when this returns, the
     * other verdicts soon after. The default has no tokens to compare, and charges an attempt for what was released.
     */
    default boolean settle(Settlement settlement) {
        String id = settlement.claim().operation().id();
        return switch (settlement.verdict()) {
            case DELIVERED -> markDone(id, settlement.nowMs());
            case FAILED, RELEASED -> markFailed(id, settlement.error(), settlement.nowMs(), settlement.dueAtMs());
            case PERMANENT_FAILED -> markPermanentFailed(id, settlement.error(), settlement.nowMs());
        };
    }

    /** Settles a batch; the answers are those of {@link #settle}, in order. */
    default List<Boolean> settleAll(List<Settlement> settlements) {
        return settlements.stream().map(this::settle).toList();
    }

    /**
     * Starts the leases of running claims anew, so that they are not requeued. The default cannot, and does nothing.
     */
    default void renewLeases(Collection<Claim> claims, long nowMs) {}

    /**
     * Gives back what earlier lives of this owner left IN_FLIGHT when they crashed, as
     * {@link #requeueInflightOlderThan} does but without waiting for the lease. Returns how many; the default waits.
     */
    default int reclaimAbandoned(String owner, long nowMs) {
        return 0;
    }

    /**
     * Buries operations that wait (PENDING or FAILED) and whose expiry has passed, uncharged, with a last error that
     * begins with "expired". Durable when this returns. Returns how many; by default expiry is seen at the next claim.
     */
    default int expire(long nowMs) {
        return 0;
    }

    /**
     * A person gives up on a waiting operation: PENDING or FAILED becomes PERMANENT_FAILED, uncharged, with a last
     * error that begins with "cancelled". Durable when this returns.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if its status is another; names it
     * @throws UnsupportedOperationException if the store has no such decision (the default)
     */
    default void cancel(String id, long nowMs) {
        throw new UnsupportedOperationException(getClass().getName() + " cannot cancel operations");
    }

    /**
     * A person sends a buried operation again: PERMANENT_FAILED becomes PENDING with attempt 0, at the end of its lane;
     * what it was goes into its last error. Durable when this returns.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if its status is another; names it
     * @throws UnsupportedOperationException if the store has no such decision (the default)
     */
    default void replay(String id, long nowMs) {
        throw new UnsupportedOperationException(getClass().getName() + " cannot replay operations");
    }

    /**
     * A person sends many buried operations again, each as {@link #replay} does; those that are gone or no longer
     * PERMANENT_FAILED are left as they are. Durable when this returns. Returns how many will be sent again. The
     * default replays one after another, and each pays for the disk on its own; if another thread changes one at the
     * same moment, it ends with the refusal of {@link #replay}.
     *
     * @throws UnsupportedOperationException if the store has no such decision
     */
    default int replayAll(Collection<String> ids, long nowMs) {
        int replayed = 0;
        for (String id : ids) {
            boolean buried = get(id).filter(Operation::isPermanentFailed).isPresent();
            if (buried) {
                replay(id, nowMs);
                replayed++;
            }
        }
        return replayed;
    }

    /**
     * A person forgets dead letters: PERMANENT_FAILED operations whose last change was at {@code olderThanMs} or
     * before. Durable when this returns. Returns how many.
     *
     * @throws UnsupportedOperationException if the store has no such decision (the default)
     */
    default int pruneDeadLetters(long olderThanMs) {
        throw new UnsupportedOperationException(getClass().getName() + " cannot forget dead letters");
    }

    /**
     * One page of the operations with a status, in FIFO order.
     *
     * @param afterId the last id of the page before; empty for the first page. The default knows only what
     *     {@link #list} shows, so its pages of final operations are empty.
     */
    default List<Operation> page(OperationStatus status, String afterId, int limit) {
        List<Operation> all = list(ListOptions.builder()
                .onlyReady(false)
                .includeInflight(true)
                .limit(Integer.MAX_VALUE)
                .build());
        return all.stream()
                .filter(operation -> operation.status() == status)
                .dropWhile(operation -> !afterId.isEmpty() && !operation.id().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .toList();
    }

    /**
     * Where an operation stands: what in this store it waits for, and what has happened to it; empty if there is none.
     * The default looks through all that {@link #list} shows for the operations ahead in its lane, and knows of no
     * incident but the last.
     */
    default Optional<Standing> standing(String id, long nowMs) {
        return get(id).map(operation -> StandingFromListing.of(operation, this, nowMs));
    }

    /** How many operations have each status; every status has an entry. The default counts what {@link #list} shows. */
    default Map<OperationStatus, Long> counts() {
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        for (OperationStatus status : OperationStatus.values()) {
            counts.put(status, (long) page(status, "", Integer.MAX_VALUE).size());
        }
        return counts;
    }

    /**
     * When the next waiting operation that is not yet due becomes due, or expires; empty if none will. The default does
     * not know, and answers empty.
     */
    default OptionalLong nextDueAtMs(long nowMs) {
        return OptionalLong.empty();
    }

    /**
     * Has {@code listener} called after an operation became durable and ready, from any thread; it must not block or
     * call back. One listener a store: a later one replaces it. The default never calls it, so that an engine polls.
     */
    default void onReady(Runnable listener) {}

    /** The owner to claim under when nobody names one: unique to this store and to this opening of it. */
    default String defaultOwner() {
        return "tidesync-" + ProcessHandle.current().pid();
    }

    /** Releases files and connections. What was durable stays so; closing twice does nothing. */
    @Override
    void close();
}
