package dev.tidesync.spi;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Standing.State;
import java.util.List;

/** What a store's listings tell of where an operation stands. */
final class StandingFromListing {
    private StandingFromListing() {}

    static Standing of(Operation operation, OutboxStore store, long nowMs) {
        List<String> ahead = isWaiting(operation) ? aheadInLane(operation, store) : List.of();
        Standing.Builder standing = Standing.of(operation, state(operation, ahead, nowMs))
                .lane(ahead.isEmpty() ? "" : ahead.get(0), ahead.size());
        if (!operation.lastError().isEmpty()) {
            standing.incidents(
                    List.of(new Incident(operation.updatedAtMs(), Incident.Type.EARLIER, "", operation.lastError())));
        }
        return standing.build();
    }

    private static boolean isWaiting(Operation operation) {
        return operation.isPending() || operation.isFailed();
    }

    private static State state(Operation operation, List<String> ahead, long nowMs) {
        if (!isWaiting(operation)) {
            return operation.isInFlight() ? State.CLAIMED : State.FINAL;
        }
        if (!ahead.isEmpty()) {
            return State.BEHIND;
        }
        return operation.nextRetryAtMs() > nowMs ? State.NOT_DUE : State.READY;
    }

    private static List<String> aheadInLane(Operation operation, OutboxStore store) {
        if (operation.orderingKey().isEmpty()) {
            return List.of();
        }
        ListOptions unfinished = ListOptions.builder()
                .onlyReady(false)
                .includeInflight(true)
                .limit(Integer.MAX_VALUE)
                .build();
        return store.list(unfinished).stream()
                .filter(other -> other.orderingKey().equals(operation.orderingKey()))
                .map(Operation::id)
                .takeWhile(id -> !id.equals(operation.id()))
                .limit(Standing.MOST_COUNTED)
                .toList();
    }
}
