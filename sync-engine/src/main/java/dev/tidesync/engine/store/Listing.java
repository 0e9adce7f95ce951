package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.Standing;
import dev.tidesync.spi.Standing.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** What can be seen of the outbox. The index answers under the lock; operations are read from the log without it. */
final class Listing {
    /** Where an entry stands, as the index knows it. */
    private record Place(
            EntryState entry, State state, String laneHeadId, int ahead, long leaseStartMs, boolean ambiguous) {}

    private final Ledger ledger;
    private final OperationReader reader;
    private final Incidents incidents;
    private final LongSupplier durableOffset;

    Listing(Ledger ledger, OperationReader reader, Incidents incidents, LongSupplier durableOffset) {
        this.ledger = ledger;
        this.reader = reader;
        this.incidents = incidents;
        this.durableOffset = durableOffset;
    }

    Optional<Operation> get(String id) {
        return ledger.read(index -> Optional.ofNullable(index.find(id)).map(EntryState::of))
                .flatMap(reader::operation);
    }

    Optional<Standing> standing(String id, long nowMs) {
        return ledger.read(index -> Optional.ofNullable(index.find(id)).map(entry -> place(index, entry, nowMs)))
                .flatMap(this::standing);
    }

    private Place place(OutboxIndex index, Entry entry, long nowMs) {
        int ahead = entry.isWaiting() ? index.aheadInLane(entry, Standing.MOST_COUNTED) : 0;
        return new Place(
                EntryState.of(entry),
                state(index, entry, ahead, nowMs),
                ahead == 0 ? "" : index.laneHeadId(entry),
                ahead,
                entry.leaseStartMs,
                entry.ambiguous);
    }

    private State state(OutboxIndex index, Entry entry, int ahead, long nowMs) {
        if (!entry.isWaiting()) {
            return entry.isInFlight() ? State.CLAIMED : State.FINAL;
        }
        if (ahead > 0) {
            return State.BEHIND;
        }
        if (!index.scheduleAt(nowMs).isReady(entry) || entry.dueAtMs > nowMs) {
            return State.NOT_DUE;
        }
        return entry.claimableBeyond < durableOffset.getAsLong() ? State.READY : State.NOT_DURABLE;
    }

    private Optional<Standing> standing(Place place) {
        return reader.operation(place.entry)
                .map(operation -> Standing.of(operation, place.state)
                        .lane(place.laneHeadId, place.ahead)
                        .claim(place.entry.claimOwner(), place.leaseStartMs)
                        .ambiguous(place.ambiguous)
                        .incidents(operation.isDone() ? List.of() : incidents.of(place.entry))
                        .build());
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
