package dev.tidesync.engine.outbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.spi.KindPrefix;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Where an application hands over operations. It completes and checks them, makes them durable in a store, and decides
 * by its {@link RetryPolicy} when a failed one is due again. It sends nothing.
 *
 * <p>Times are wall-clock milliseconds; the forms without {@code nowMs} read the configured clock.
 *
 * <p><b>Threads:</b> safe for use by many threads, as its store is.
 *
 * <p><b>Errors:</b> every method that touches the store may throw {@link dev.tidesync.spi.OutboxStoreException}.
 */
public final class Outbox {
    private final OutboxStore store;
    private final Config config;
    private final String owner;

    /** An outbox with every default over the given store. */
    public Outbox(OutboxStore store) {
        this(store, Config.builder().build());
    }

    /** An outbox over the given store, which stays the caller's to close. */
    public Outbox(OutboxStore store, Config config) {
        this.store = Objects.requireNonNull(store, "store");
        this.config = Objects.requireNonNull(config, "config");
        this.owner = config.owner().isEmpty() ? store.defaultOwner() : config.owner();
    }

    /** {@link #enqueue(Operation, long)} at the clock's time. */
    public String enqueue(Operation operation) {
        return enqueue(operation, nowMs());
    }

    /**
     * Takes custody of an operation: when this returns, it is durable and will be delivered. Id, idempotency key (the
     * id) and times are filled in where they are absent; a lifecycle that the operation already had is ignored.
     * Enqueueing the same intent under the same id again changes nothing.
     *
     * @return its id
     * @throws IllegalArgumentException if it exceeds the limits, has no id although none are generated, or its id is
     *     taken by an operation with another intent
     */
    public String enqueue(Operation operation, long nowMs) {
        Operation complete = complete(operation, nowMs);
        store.put(complete);
        return complete.id();
    }

    /** {@link #enqueueAsync(Operation, long)} at the clock's time. */
    public CompletionStage<String> enqueueAsync(Operation operation) {
        return enqueueAsync(operation, nowMs());
    }

    /**
     * As {@link #enqueue(Operation, long)}, without waiting for the disk, so that one thread can hand over many: the
     * operation is durable, and will be delivered, when the answer completes with its id; it completes with an
     * {@link dev.tidesync.spi.OutboxStoreException} if it could not be made durable. Operations handed over one after
     * another by one thread keep their order.
     *
     * <p>The answer may complete on a thread of the store, which must not be blocked: what takes long, or calls this
     * outbox, belongs behind {@link CompletionStage#thenApplyAsync}.
     *
     * @throws IllegalArgumentException as {@link #enqueue(Operation, long)}
     */
    public CompletionStage<String> enqueueAsync(Operation operation, long nowMs) {
        Operation complete = complete(operation, nowMs);
        return store.putAsync(complete).thenApply(durable -> complete.id());
    }

    /**
     * Takes custody of several operations with one wait for the disk, in the given order. All are checked before the
     * first is stored.
     *
     * @return their ids, in order
     * @throws IllegalArgumentException as {@link #enqueue(Operation, long)}
     */
    public List<String> enqueueAll(List<Operation> operations, long nowMs) {
        List<Operation> complete =
                operations.stream().map(operation -> complete(operation, nowMs)).toList();
        store.putAll(complete);
        return complete.stream().map(Operation::id).toList();
    }

    private Operation complete(Operation operation, long nowMs) {
        String id = operation.id().isEmpty() ? generatedId(nowMs) : operation.id();
        Operation.Builder intent = operation.toBuilder().id(id);
        if (operation.idempotencyKey().isEmpty() && config.autoGenerateIdempotencyKey()) {
            intent.idempotencyKey(id);
        }
        Operation complete = Operation.restore(intent.build())
                .createdAtMs(operation.createdAtMs() == 0 ? nowMs : operation.createdAtMs())
                .updatedAtMs(nowMs)
                .nextRetryAtMs(operation.nextRetryAtMs() == 0 ? nowMs : operation.nextRetryAtMs())
                .build();
        config.limits().check(complete);
        return complete;
    }

    private String generatedId(long nowMs) {
        if (!config.autoGenerateIds()) {
            throw new IllegalArgumentException("operation has no id; set one, or let the outbox generate ids");
        }
        return OperationIds.SHARED.next(nowMs);
    }

    /** Up to 50 operations that are ready to be sent, oldest first. It claims nothing. */
    public List<Operation> peekReady(long nowMs) {
        return peekReady(nowMs, ListOptions.DEFAULT_LIMIT);
    }

    /** Up to {@code limit} operations that are ready to be sent, oldest first. It claims nothing. */
    public List<Operation> peekReady(long nowMs, int limit) {
        return store.list(ListOptions.builder().nowMs(nowMs).limit(limit).build());
    }

    /** {@link #claim(String, long)} at the clock's time. */
    public boolean claim(String id) {
        return claim(id, nowMs());
    }

    /** Claims a ready operation for this outbox's owner: true if it is now IN_FLIGHT and the caller's to send. */
    public boolean claim(String id, long nowMs) {
        return store.claim(id, owner, nowMs);
    }

    /** {@link #complete(String, long)} at the clock's time. */
    public boolean complete(String id) {
        return complete(id, nowMs());
    }

    /** Records that a claimed operation was delivered; false if it is not in flight. */
    public boolean complete(String id, long nowMs) {
        return store.markDone(id, nowMs);
    }

    /** {@link #fail(String, String, long, boolean)} at the clock's time. */
    public boolean fail(String id, String error, boolean retryable) {
        return fail(id, error, nowMs(), retryable);
    }

    /**
     * Records that an attempt at a claimed operation failed, and charges it: it is tried again after the policy's
     * delay, or buried if it is not retryable or its attempts are used up.
     *
     * @return false if it is not in flight
     */
    public boolean fail(String id, String error, long nowMs, boolean retryable) {
        Optional<Operation> operation = store.get(id);
        if (operation.isEmpty()) {
            return false;
        }
        String reason = error.isBlank() ? "send failed" : error;
        int attempt = operation.get().attempt() + 1;
        return retryable && canRetry(operation.get(), attempt, nowMs)
                ? store.markFailed(id, reason, nowMs, retryAtMs(operation.get(), attempt, nowMs))
                : store.markPermanentFailed(id, reason, nowMs);
    }

    /** Whether an operation is tried again after its charged failure number {@code attempt}, by its kind's policy. */
    public boolean canRetry(Operation operation, int attempt, long nowMs) {
        return config.retryFor(operation.kind()).canRetry(attempt, nowMs - operation.createdAtMs());
    }

    /** When an operation is due again after its charged failure number {@code attempt}, jitter included. */
    public long retryAtMs(Operation operation, int attempt, long nowMs) {
        RetryPolicy retry = config.retryFor(operation.kind());
        return nowMs + retry.jitteredDelayFor(attempt - 1, operation.id()).toMillis();
    }

    /**
     * Why an operation has not gone, as far as its store knows: behind whom it waits, until when, who has claimed it,
     * and what happened to it before; empty if there is no such operation. An engine knows more:
     * {@code SyncEngine.explain}.
     */
    public Optional<Explanation> explain(String id) {
        long nowMs = nowMs();
        return store.standing(id, nowMs).map(standing -> Explanation.of(standing, nowMs));
    }

    /** {@link #cancel(String, long)} at the clock's time. */
    public void cancel(String id) {
        cancel(id, nowMs());
    }

    /**
     * A person gives up on a waiting operation: it is buried, uncharged.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if it is in flight or final
     */
    public void cancel(String id, long nowMs) {
        store.cancel(id, nowMs);
    }

    /** {@link #replay(String, long)} at the clock's time. */
    public void replay(String id) {
        replay(id, nowMs());
    }

    /**
     * A person sends a buried operation again, with all its attempts before it.
     *
     * @throws java.util.NoSuchElementException if there is no such operation
     * @throws IllegalStateException if it is not buried
     */
    public void replay(String id, long nowMs) {
        store.replay(id, nowMs);
    }

    private long nowMs() {
        return config.clock().millis();
    }

    /** Where the operations are kept. */
    public OutboxStore store() {
        return store;
    }

    /** How this outbox was set up. */
    public Config config() {
        return config;
    }

    /** The name under which operations are claimed: the configured one, or the store's default. */
    public String owner() {
        return owner;
    }

    /** How an outbox behaves. Immutable. */
    public static final class Config {
        private final String owner;
        private final RetryPolicy retry;
        private final Map<String, RetryPolicy> retryByPrefix;
        private final boolean autoGenerateIds;
        private final boolean autoGenerateIdempotencyKey;
        private final OperationLimits limits;
        private final InstantSource clock;

        private Config(Builder builder) {
            this.owner = builder.owner;
            this.retry = builder.retry;
            this.retryByPrefix = Map.copyOf(builder.retryByPrefix);
            this.autoGenerateIds = builder.autoGenerateIds;
            this.autoGenerateIdempotencyKey = builder.autoGenerateIdempotencyKey;
            this.limits = builder.limits;
            this.clock = builder.clock;
        }

        /** A builder with every default. */
        public static Builder builder() {
            return new Builder();
        }

        /** The name under which operations are claimed; empty for the store's default. */
        public String owner() {
            return owner;
        }

        /** What follows a failure, unless its kind has a policy of its own. */
        public RetryPolicy retry() {
            return retry;
        }

        /** What follows a failure of an operation of this kind: the policy of its longest prefix that has one. */
        public RetryPolicy retryFor(String kind) {
            String segments = kind + ".";
            for (int end = segments.length(); end > 0; end = segments.lastIndexOf('.', end - 2) + 1) {
                RetryPolicy own = retryByPrefix.get(segments.substring(0, end));
                if (own != null) {
                    return own;
                }
            }
            return retry;
        }

        /** Whether an operation without an id is given one. */
        public boolean autoGenerateIds() {
            return autoGenerateIds;
        }

        /** Whether an operation without an idempotency key is given its id as one. */
        public boolean autoGenerateIdempotencyKey() {
            return autoGenerateIdempotencyKey;
        }

        /** How large operations may be. */
        public OperationLimits limits() {
            return limits;
        }

        /** The wall clock. */
        public InstantSource clock() {
            return clock;
        }

        /** Builds a configuration. Not safe for use by several threads. */
        public static final class Builder {
            private String owner = "";
            private RetryPolicy retry = RetryPolicy.defaults();
            private final Map<String, RetryPolicy> retryByPrefix = new TreeMap<>();
            private boolean autoGenerateIds = true;
            private boolean autoGenerateIdempotencyKey = true;
            private OperationLimits limits = OperationLimits.defaults();
            private InstantSource clock = InstantSource.system();

            private Builder() {}

            /** The name under which operations are claimed; default the store's, which tells its own lives apart. */
            public Builder owner(String value) {
                this.owner = Objects.requireNonNull(value, "owner");
                return this;
            }

            /** What follows a failure; default {@link RetryPolicy#defaults()}. */
            public Builder retry(RetryPolicy value) {
                this.retry = Objects.requireNonNull(value, "retry");
                return this;
            }

            /**
             * What follows a failure of an operation whose kind has this prefix, as {@code http.}, or is it, as
             * {@code http.post.}; of several, the longest counts.
             *
             * @throws IllegalArgumentException if the prefix is not made of segments that end in a dot
             */
            public Builder retry(String prefix, RetryPolicy value) {
                retryByPrefix.put(KindPrefix.require(prefix), Objects.requireNonNull(value, "retry"));
                return this;
            }

            /** Whether an operation without an id is given one; default true. */
            public Builder autoGenerateIds(boolean value) {
                this.autoGenerateIds = value;
                return this;
            }

            /** Whether an operation without an idempotency key is given its id as one; default true. */
            public Builder autoGenerateIdempotencyKey(boolean value) {
                this.autoGenerateIdempotencyKey = value;
                return this;
            }

            /** How large operations may be; default {@link OperationLimits#defaults()}. */
            public Builder limits(OperationLimits value) {
                this.limits = Objects.requireNonNull(value, "limits");
                return this;
            }

            /** The wall clock; default the system's. */
            public Builder clock(InstantSource value) {
                this.clock = Objects.requireNonNull(value, "clock");
                return this;
            }

            /** The configuration. */
            public Config build() {
                return new Config(this);
            }
        }
    }
}
