package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.EnqueuedSummary;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Where operations come in. An operation enters the index, and so can be seen and claimed, only after the disk has been
 * forced; one whose force failed never does.
 */
final class Intake {
    /** So many enter the index at once: whoever wants the ledger meanwhile waits for no more than these. */
    private static final int PUBLISHED_AT_ONCE = 64;

    /** In place of an offset: everything has been durable, and in the index, for long. */
    private static final long LONG_KNOWN = -1;

    private record Pending(Operation operation, LogPlace place) {}

    /** What became of an append: where its last record lies, or for how much there has to be room first. */
    private record Attempt(long last, long bytesWanted, long unfinished) {
        static Attempt at(long last) {
            return new Attempt(last, 0, 0);
        }
    }

    private final Ledger ledger;
    private final Journal journal;
    private final OperationReader reader;

    // Guarded by the ledger's lock: what is in the log but not known to be durable, in log order and by id.
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<String, Pending> pendingById = new HashMap<>();

    /** What came in below this offset is in the index. Changed under the ledger's lock. */
    private volatile long publishedOffset;

    Intake(Ledger ledger, Journal journal, OperationReader reader) {
        this.ledger = ledger;
        this.journal = journal;
        this.reader = reader;
    }

    /** Inserts operations as PENDING, all or, if an intent conflicts, none; durable when this returns. */
    void put(List<Operation> operations) {
        restore(operations.stream().map(Intake::withoutLifecycle).toList());
    }

    /** As {@link #put}, without waiting for the disk: durable, and in the index, when the answer completes. */
    CompletionStage<Void> putAsync(Operation operation) {
        long last = appendUnknown(distinct(List.of(withoutLifecycle(operation))));
        return last == LONG_KNOWN
                ? CompletableFuture.completedStage(null)
                : journal.whenDurable(last, () -> publishUpTo(last));
    }

    /** Inserts operations with the lifecycle they bring; durable when this returns. */
    void restore(List<Operation> operations) {
        long last = appendUnknown(distinct(operations));
        if (last != LONG_KNOWN) {
            journal.awaitDurable(last);
            publishUpTo(last);
        }
    }

    private static Operation withoutLifecycle(Operation operation) {
        boolean hasNone = operation.isPending()
                && operation.attempt() == 0
                && operation.lastError().isEmpty()
                && operation.answer().isEmpty();
        return hasNone
                ? operation
                : Operation.restore(operation)
                        .status(OperationStatus.PENDING)
                        .attempt(0)
                        .lastError("")
                        .answer("")
                        .build();
    }

    private static Collection<Operation> distinct(List<Operation> operations) {
        Map<String, Operation> byId = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation.id().isEmpty()) {
                throw new IllegalArgumentException("an operation needs an id to be stored: " + operation);
            }
            Operation twin = byId.putIfAbsent(operation.id(), operation);
            if (twin != null) {
                requireSameIntent(twin, operation);
            }
        }
        return byId.values();
    }

    private static void requireSameIntent(Operation known, Operation offered) {
        if (!known.sameIntent(offered)) {
            throw new IllegalArgumentException("operation '" + offered.id()
                    + "' exists with another intent; use a new id, or enqueue exactly what was enqueued before");
        }
    }

    /**
     * Appends what is new and returns the offset that everything is durable with. Known intents are compared without
     * the lock, since they are read from disk, so new ones may turn up meanwhile.
     */
    private long appendUnknown(Collection<Operation> operations) {
        Set<String> compared = new HashSet<>();
        while (true) {
            Map<EntryState, Operation> toCompare = new LinkedHashMap<>();
            Attempt attempt = ledger.change(
                    Ledger.Sync.CALLER_WAITS, change -> appendUnknown(change, operations, compared, toCompare));
            if (attempt.bytesWanted() > 0) {
                makeRoom(attempt);
                continue;
            }
            if (toCompare.isEmpty()) {
                return attempt.last();
            }
            toCompare.forEach(
                    (known, offered) -> reader.intent(known).ifPresent(intent -> requireSameIntent(intent, offered)));
            toCompare.keySet().forEach(known -> compared.add(known.id()));
        }
    }

    private void makeRoom(Attempt attempt) {
        try {
            journal.room().make(attempt.bytesWanted(), attempt.unfinished());
        } catch (OutboxStoreException full) {
            ledger.askForRoom();
            throw full;
        }
    }

    /** Appends nothing if there is something to compare, or not room for all. */
    private Attempt appendUnknown(
            Ledger.Change change,
            Collection<Operation> operations,
            Set<String> compared,
            Map<EntryState, Operation> toCompare) {
        long last = LONG_KNOWN;
        List<Operation> unknown = new ArrayList<>(operations.size());
        for (Operation operation : operations) {
            Pending twin = pendingById.get(operation.id());
            Entry known = twin == null ? change.index().find(operation.id()) : null;
            if (twin != null) {
                requireSameIntent(twin.operation(), operation);
                last = Math.max(last, twin.place().offset());
            } else if (known == null) {
                unknown.add(operation);
            } else if (!compared.contains(operation.id())) {
                toCompare.put(EntryState.of(known), operation);
            }
        }
        return toCompare.isEmpty() ? appendWithinRoom(change, unknown, last) : Attempt.at(last);
    }

    private Attempt appendWithinRoom(Ledger.Change change, List<Operation> unknown, long lastKnown) {
        long bytes = unknown.stream().mapToLong(WalRecord.Enqueued::mostBytes).sum();
        long unfinished = change.index().unfinishedCount() + pending.size() + unknown.size();
        if (!journal.room().isThereFor(bytes, unfinished)) {
            return new Attempt(lastKnown, bytes, unfinished);
        }
        long last = lastKnown;
        for (Operation operation : unknown) {
            last = append(change, operation);
        }
        return Attempt.at(last);
    }

    private long append(Ledger.Change change, Operation operation) {
        Pending entering = new Pending(operation, change.append(new WalRecord.Enqueued(operation)));
        pending.add(entering);
        pendingById.put(operation.id(), entering);
        return entering.place().offset();
    }

    /**
     * Where the first record lies of which the index does not know yet; the greatest number if it knows of all. Under
     * the ledger's lock.
     */
    long unpublishedFrom() {
        Pending first = pending.peek();
        return first == null ? Long.MAX_VALUE : first.place().offset();
    }

    /** Of those whose operations became durable together, the first brings all into the index. */
    private void publishUpTo(long durableOffset) {
        int published = PUBLISHED_AT_ONCE;
        while (published == PUBLISHED_AT_ONCE && publishedOffset <= durableOffset) {
            published = ledger.catchUp(this::publishDurable);
        }
    }

    /** Hands over what the index does not know of yet, and says how much that is. Under the ledger's lock. */
    int forEachUnpublished(BiConsumer<EnqueuedSummary, LogPlace> consumer) {
        pending.forEach(entering ->
                consumer.accept(EnqueuedSummary.of(new WalRecord.Enqueued(entering.operation())), entering.place()));
        return pending.size();
    }

    /** In the order of the log, so that a later operation of a lane is never seen without an earlier one. */
    private int publishDurable(Ledger.Change change) {
        long durableOffset = journal.durableOffset();
        int published = 0;
        while (published < PUBLISHED_AT_ONCE && unpublishedFrom() < durableOffset) {
            Pending durable = pending.remove();
            pendingById.remove(durable.operation().id());
            change.index().apply(durable.place(), new WalRecord.Enqueued(durable.operation()));
            published++;
        }
        publishedOffset = Math.min(durableOffset, unpublishedFrom());
        return published;
    }
}
