package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
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
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where operations come in. An operation enters the index, and so can be seen and claimed, only after the disk has been
 * forced; one whose force failed never does.
 */
final class Intake {
    private record Pending(Operation operation, LogPlace place) {}

    /** What became of an append: where its last record lies, or for how much there has to be room first. */
    private record Attempt(OptionalLong last, long bytesWanted, long unfinished) {
        static final Attempt NOTHING = new Attempt(OptionalLong.empty(), 0, 0);
    }

    private final Ledger ledger;
    private final Journal journal;
    private final OperationReader reader;

    // Guarded by the ledger's lock: what is in the log but not known to be durable, in log order and by id.
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<String, Pending> pendingById = new HashMap<>();

    Intake(Ledger ledger, Journal journal, OperationReader reader) {
        this.ledger = ledger;
        this.journal = journal;
        this.reader = reader;
    }

    /** Inserts operations as PENDING, all or, if an intent conflicts, none; durable when this returns. */
    void put(List<Operation> operations) {
        insert(distinct(operations.stream().map(Intake::withoutLifecycle).toList()));
    }

    /** As {@link #put}, without waiting for the disk: durable, and in the index, when the answer completes. */
    CompletionStage<Void> putAsync(List<Operation> operations) {
        OptionalLong last = appendUnknown(
                distinct(operations.stream().map(Intake::withoutLifecycle).toList()));
        return last.isEmpty()
                ? CompletableFuture.completedStage(null)
                : journal.whenDurable(last.getAsLong()).thenRun(() -> ledger.catchUp(this::publishDurable));
    }

    /** Inserts operations with the lifecycle they bring; durable when this returns. */
    void restore(List<Operation> operations) {
        insert(distinct(operations));
    }

    private static Operation withoutLifecycle(Operation operation) {
        return Operation.restore(operation)
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

    private void insert(Collection<Operation> operations) {
        OptionalLong last = appendUnknown(operations);
        last.ifPresent(journal::awaitDurable);
        ledger.change(Ledger.Sync.NOT_WAITED_FOR, this::publishDurable);
    }

    /**
     * Known intents are compared without the lock, since they are read from disk, so new ones may turn up meanwhile.
     */
    private OptionalLong appendUnknown(Collection<Operation> operations) {
        Set<String> compared = new HashSet<>();
        while (true) {
            Map<EntryState, Operation> toCompare = new LinkedHashMap<>();
            Attempt attempt = ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> {
                toCompare.putAll(known(change.index(), operations, compared));
                return toCompare.isEmpty() ? appendWithinRoom(change, operations) : Attempt.NOTHING;
            });
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

    private static Map<EntryState, Operation> known(
            OutboxIndex index, Collection<Operation> operations, Set<String> compared) {
        Map<EntryState, Operation> known = new LinkedHashMap<>();
        for (Operation operation : operations) {
            Entry entry = index.find(operation.id());
            if (entry != null && !compared.contains(operation.id())) {
                known.put(EntryState.of(entry), operation);
            }
        }
        return known;
    }

    /** Nothing is appended unless there is room for all. */
    private Attempt appendWithinRoom(Ledger.Change change, Collection<Operation> operations) {
        OutboxIndex index = change.index();
        long bytes = operations.stream()
                .filter(operation -> index.find(operation.id()) == null && !pendingById.containsKey(operation.id()))
                .mapToLong(WalRecord.Enqueued::mostBytes)
                .sum();
        long unfinished = index.unfinishedCount() + pending.size() + operations.size();
        return journal.room().isThereFor(bytes, unfinished)
                ? new Attempt(append(change, operations), 0, 0)
                : new Attempt(OptionalLong.empty(), bytes, unfinished);
    }

    private void makeRoom(Attempt attempt) {
        try {
            journal.room().make(attempt.bytesWanted(), attempt.unfinished());
        } catch (OutboxStoreException full) {
            ledger.askForRoom();
            throw full;
        }
    }

    /** The offset below which all of them are durable; empty if they have been for long. */
    private OptionalLong append(Ledger.Change change, Collection<Operation> operations) {
        for (Operation operation : operations) {
            Pending twin = pendingById.get(operation.id());
            if (twin != null) {
                requireSameIntent(twin.operation(), operation);
            }
        }
        List<Long> offsets = new ArrayList<>();
        for (Operation operation : operations) {
            if (change.index().find(operation.id()) == null) {
                Pending mine = pendingById.get(operation.id());
                offsets.add(
                        mine == null ? append(change, operation) : mine.place().offset());
            }
        }
        return offsets.stream().mapToLong(Long::longValue).max();
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

    /** In the order of the log, so that a later operation of a lane is never seen without an earlier one. */
    private int publishDurable(Ledger.Change change) {
        int published = 0;
        while (!pending.isEmpty() && journal.isDurable(pending.peek().place().offset())) {
            Pending durable = pending.remove();
            pendingById.remove(durable.operation().id());
            change.index().apply(durable.place(), new WalRecord.Enqueued(durable.operation()));
            published++;
        }
        return published;
    }
}
