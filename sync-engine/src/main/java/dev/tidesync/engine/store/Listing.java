package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.ListOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be seen of the outbox. The index answers under the lock; operations are read from the log without it. */
final class Listing {
    private final Ledger ledger;
    private final OperationReader reader;

    Listing(Ledger ledger, OperationReader reader) {
        this.ledger = ledger;
        this.reader = reader;
    }

    Optional<Operation> get(String id) {
        return ledger.read(index -> Optional.ofNullable(index.find(id)).map(EntryState::of))
                .flatMap(reader::operation);
    }

    List<Operation> list(ListOptions options) {
        return read(ledger.read(index -> options.onlyReady() ? ready(index, options) : unfinished(index, options)));
    }

    private static List<EntryState> ready(OutboxIndex index, ListOptions options) {
        List<EntryState> found = new ArrayList<>();
        Iterator<Entry> entries = index.ready(options.nowMs(), options.includeInflight());
        while (found.size() < options.limit() && entries.hasNext()) {
            Entry entry = entries.next();
            if (entry.isInFlight() || entry.isClaimable(options.nowMs(), Long.MAX_VALUE)) {
                found.add(EntryState.of(entry));
            }
        }
        return found;
    }

    private static List<EntryState> unfinished(OutboxIndex index, ListOptions options) {
        List<EntryState> found = new ArrayList<>();
        Iterator<Entry> entries = index.unfinished(options.includeInflight());
        while (found.size() < options.limit() && entries.hasNext()) {
            found.add(EntryState.of(entries.next()));
        }
        return found;
    }

    List<Operation> page(OperationStatus status, String afterId, int limit) {
        return read(ledger.read(index ->
                index.page(status, afterId, limit).stream().map(EntryState::of).toList()));
    }

    private List<Operation> read(List<EntryState> states) {
        return states.stream()
                .flatMap(state -> reader.operation(state).stream())
                .toList();
    }

    Map<OperationStatus, Long> counts() {
        return ledger.read(Listing::counts);
    }

    private static Map<OperationStatus, Long> counts(OutboxIndex index) {
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        Arrays.stream(OperationStatus.values()).forEach(status -> counts.put(status, index.count(status)));
        return counts;
    }

    OptionalLong nextDueAtMs(long nowMs) {
        return ledger.read(index -> index.nextDueAtMs(nowMs));
    }

    /** The whole outbox; without its operations if they are more than {@code limit}. */
    OutboxSnapshot snapshot(long takenAtMs, int limit) {
        return ledger.read(index -> {
            boolean complete = index.size() <= limit;
            List<EntryState> operations = new ArrayList<>();
            if (complete) {
                index.all().forEachRemaining(entry -> operations.add(EntryState.of(entry)));
            }
            return new OutboxSnapshot(takenAtMs, counts(index), complete, operations);
        });
    }
}
