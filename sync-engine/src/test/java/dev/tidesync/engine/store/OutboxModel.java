package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an outbox should hold, kept in the simplest way that can be right: a map in the order of enqueue. It also knows
 * which earlier states a crash may bring back.
 */
final class OutboxModel {
    /** What is compared. */
    record State(OperationStatus status, int attempt, long dueAtMs) {
        State(Operation operation) {
            this(operation.status(), operation.attempt(), operation.nextRetryAtMs());
        }

        boolean isWaiting() {
            return status == OperationStatus.PENDING || status == OperationStatus.FAILED;
        }
    }

    private static final class Row {
        private final String lane;
        private final String payload;
        private final List<State> sinceDurable = new ArrayList<>();
        private OperationStatus claimedFrom = OperationStatus.PENDING;
        private long token;
        private long claimedAtMs;

        private Row(String lane, String payload) {
            this.lane = lane;
            this.payload = payload;
            become(OperationStatus.PENDING, 0, 0);
        }

        private State now() {
            return sinceDurable.get(sinceDurable.size() - 1);
        }

        private void become(OperationStatus status, int attempt, long dueAtMs) {
            sinceDurable.add(new State(status, attempt, dueAtMs));
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    void put(String id, String lane, String payload) {
        rows.put(id, new Row(lane, payload));
        everythingIsDurable();
    }

    /** A force covers everything that was logged before it. */
    void everythingIsDurable() {
        rows.values().forEach(row -> {
            State now = row.now();
            row.sinceDurable.clear();
            row.sinceDurable.add(now);
        });
    }

    List<String> ids() {
        return List.copyOf(rows.keySet());
    }

    List<String> withStatus(OperationStatus status) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().now().status() == status)
                .map(Map.Entry::getKey)
                .toList();
    }

    boolean isReady(String id, long nowMs) {
        Row row = rows.get(id);
        return row != null && row.now().isWaiting() && row.now().dueAtMs() <= nowMs && isHead(id, row);
    }

    private boolean isHead(String id, Row row) {
        return row.lane.isEmpty()
                || rows.entrySet().stream()
                        .filter(other -> other.getValue().lane.equals(row.lane))
                        .filter(other -> !other.getValue().now().status().isFinal())
                        .findFirst()
                        .map(head -> head.getKey().equals(id))
                        .orElse(false);
    }

    List<String> ready(long nowMs) {
        return rows.keySet().stream().filter(id -> isReady(id, nowMs)).toList();
    }

    void claimed(String id, long token, long nowMs) {
        Row row = row(id);
        row.claimedFrom = row.now().status();
        row.token = token;
        row.claimedAtMs = nowMs;
        row.become(OperationStatus.IN_FLIGHT, row.now().attempt(), row.now().dueAtMs());
    }

    /** Applies an outcome, if it is to be accepted, and says whether it is. */
    boolean settle(Settlement settlement) {
        Row row = rows.get(settlement.claim().operation().id());
        if (row == null || !accepts(row, settlement.claim(), settlement.verdict())) {
            return false;
        }
        int attempt = row.now().attempt();
        switch (settlement.verdict()) {
            case DELIVERED ->
                row.become(OperationStatus.DONE, attempt, row.now().dueAtMs());
            case FAILED -> row.become(OperationStatus.FAILED, attempt + 1, settlement.dueAtMs());
            case RELEASED -> row.become(row.claimedFrom, attempt, settlement.dueAtMs());
            case PERMANENT_FAILED -> {
                row.become(
                        OperationStatus.PERMANENT_FAILED, attempt + 1, row.now().dueAtMs());
                everythingIsDurable();
            }
        }
        return true;
    }

    private static boolean accepts(Row row, Claim claim, Settlement.Verdict verdict) {
        return verdict == Settlement.Verdict.DELIVERED
                ? row.now().status() != OperationStatus.DONE
                : row.now().status() == OperationStatus.IN_FLIGHT && row.token == claim.token();
    }

    int requeue(long nowMs, long timeoutMs) {
        List<String> overdue = withStatus(OperationStatus.IN_FLIGHT).stream()
                .filter(id -> row(id).claimedAtMs <= nowMs - timeoutMs)
                .toList();
        overdue.forEach(
                id -> row(id).become(OperationStatus.FAILED, row(id).now().attempt() + 1, nowMs));
        return overdue.size();
    }

    void cancelled(String id) {
        Row row = row(id);
        row.become(
                OperationStatus.PERMANENT_FAILED, row.now().attempt(), row.now().dueAtMs());
        everythingIsDurable();
    }

    void replayed(String id, long nowMs) {
        Row row = row(id);
        rows.remove(id);
        rows.put(id, row);
        row.become(OperationStatus.PENDING, 0, nowMs);
        everythingIsDurable();
    }

    /** After a crash: takes over what the store holds, having checked that each state was true since the last force. */
    void recoverFrom(FileOutboxStore store, String seed) {
        rows.forEach((id, row) -> {
            Optional<Operation> found = store.get(id);
            assertThat(found).as("%s: acknowledged operation %s", seed, id).isPresent();
            assertThat(found.get().payloadText())
                    .as("%s: payload of %s", seed, id)
                    .isEqualTo(row.payload);
            State state = new State(found.get());
            assertThat(row.sinceDurable).as("%s: states of %s", seed, id).contains(state);
            row.sinceDurable.clear();
            row.sinceDurable.add(state);
            row.claimedAtMs = found.get().updatedAtMs();
        });
        everythingIsDurable();
    }

    /** Compares everything that can be seen. */
    void verify(FileOutboxStore store, long nowMs, String seed) {
        rows.forEach((id, row) -> assertThat(store.get(id).map(State::new))
                .as("%s: state of %s", seed, id)
                .contains(row.now()));
        assertThat(store
                        .list(ListOptions.builder()
                                .nowMs(nowMs)
                                .limit(Integer.MAX_VALUE)
                                .build())
                        .stream()
                        .map(Operation::id)
                        .toList())
                .as("%s: ready operations", seed)
                .isEqualTo(ready(nowMs));
        for (OperationStatus status : OperationStatus.values()) {
            assertThat(store.counts().get(status))
                    .as("%s: count of %s", seed, status)
                    .isEqualTo(withStatus(status).size());
        }
    }

    int prune(OperationStatus status) {
        List<String> pruned = withStatus(status);
        pruned.forEach(rows::remove);
        return pruned.size();
    }

    private Row row(String id) {
        Row row = rows.get(id);
        if (row == null) {
            throw new AssertionError("the model has no operation '" + id + "'");
        }
        return row;
    }
}
