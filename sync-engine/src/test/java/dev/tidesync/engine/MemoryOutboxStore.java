package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A complete outbox store in memory, written as plainly as the contract reads: one lock, one list in FIFO order, and a
 * walk over it for every question. It can be told to fail as a disk does.
 */
class MemoryOutboxStore implements OutboxStore {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<List<String>, Long> lastServed = new HashMap<>();
    private Runnable readyListener = () -> {};
    private long lastToken;
    private int life = 1;
    private boolean failing;
    private boolean failsForGood;
    private boolean closed;

    /** From now on every call that changes something fails. */
    synchronized void fail(boolean value) {
        failing = value;
    }

    /** From now on it takes no more, as a store whose disk has failed. */
    synchronized void failForGood() {
        failing = true;
        failsForGood = true;
    }

    /** What a crash and a restart of the process leave behind. */
    synchronized void restart() {
        life++;
    }

    @Override
    public synchronized void put(Operation operation) {
        putAll(List.of(operation));
    }

    @Override
    public synchronized void putAll(List<Operation> operations) {
        check();
        operations.forEach(this::requireNew);
        for (Operation operation : operations) {
            Row row = new Row(operation);
            rows.putIfAbsent(operation.id(), row);
            if (!row.dueWasAsked) {
                readyListener.run();
            }
        }
    }

    private void requireNew(Operation operation) {
        if (operation.id().isEmpty()) {
            throw new IllegalArgumentException("operation has no id");
        }
        Row known = rows.get(operation.id());
        if (known != null && !known.operation.sameIntent(operation)) {
            throw new IllegalArgumentException("operation '" + operation.id() + "' exists with another intent");
        }
    }

    @Override
    public synchronized Optional<Operation> get(String id) {
        return Optional.ofNullable(rows.get(id)).map(row -> row.operation);
    }

    @Override
    public synchronized List<Operation> list(ListOptions options) {
        Set<String> lanes = new HashSet<>();
        List<Operation> listed = new ArrayList<>();
        for (Row row : rows.values()) {
            boolean inFlight = row.is(OperationStatus.IN_FLIGHT);
            boolean ready = row.isHead(lanes) && row.isDue(options.nowMs());
            boolean shown = inFlight ? options.includeInflight() : row.isWaiting() && (ready || !options.onlyReady());
            if (shown && listed.size() < options.limit()) {
                listed.add(row.operation);
            }
        }
        return listed;
    }

    @Override
    public synchronized boolean claim(String id, String owner, long nowMs) {
        check();
        Set<String> lanes = new HashSet<>();
        for (Row row : rows.values()) {
            boolean head = row.isHead(lanes);
            if (row.operation.id().equals(id)) {
                return head && row.isDue(nowMs) && row.claim(owner, nowMs) != null;
            }
        }
        return false;
    }

    @Override
    public synchronized List<Claim> claimReady(ClaimRequest request) {
        check();
        Set<String> lanes = new HashSet<>();
        Map<List<String>, ArrayDeque<Row>> queues =
                new TreeMap<>(Comparator.comparing(this::lastServed).thenComparing(List::toString));
        for (Row row : rows.values()) {
            if (row.isHead(lanes) && row.isDue(request.nowMs())) {
                queues.computeIfAbsent(row.queue(), unseen -> new ArrayDeque<>())
                        .add(row);
            }
        }
        Map<List<String>, Integer> admitted = new LinkedHashMap<>();
        queues.forEach((queue, ready) -> admitted.put(queue, admit(request, queue, ready)));
        List<Claim> claims = claimInTurns(request, queues, admitted);
        claims.forEach(claim -> lastServed.put(
                List.of(claim.operation().kind(), claim.operation().destination()), claim.token()));
        return claims;
    }

    private long lastServed(List<String> queue) {
        return lastServed.getOrDefault(queue, 0L);
    }

    private static int admit(ClaimRequest request, List<String> queue, Collection<Row> ready) {
        Admission admission = request.gate().admit(queue.get(0), queue.get(1));
        if (!admission.reason().isEmpty()) {
            ready.forEach(row -> row.operation = Operation.restore(row.operation)
                    .lastError(admission.reason())
                    .build());
        }
        return admission.limit();
    }

    private List<Claim> claimInTurns(
            ClaimRequest request, Map<List<String>, ArrayDeque<Row>> queues, Map<List<String>, Integer> admitted) {
        List<Claim> claims = new ArrayList<>();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Map.Entry<List<String>, ArrayDeque<Row>> queue : queues.entrySet()) {
                int left = admitted.getOrDefault(queue.getKey(), 0);
                Row next = left > 0 && claims.size() < request.limit()
                        ? queue.getValue().poll()
                        : null;
                if (next != null) {
                    claims.add(next.claim(request.owner(), request.nowMs()));
                    admitted.put(queue.getKey(), left - 1);
                    progress = true;
                }
            }
        }
        return claims;
    }

    @Override
    public synchronized boolean settle(Settlement settlement) {
        check();
        Row row = rows.get(settlement.claim().operation().id());
        if (row == null || row.is(OperationStatus.DONE)) {
            return false;
        }
        boolean newest = row.is(OperationStatus.IN_FLIGHT)
                && row.token == settlement.claim().token();
        if (!newest && settlement.verdict() != Settlement.Verdict.DELIVERED) {
            return false;
        }
        row.apply(settlement);
        return true;
    }

    @Override
    public synchronized boolean markDone(String id, long nowMs) {
        return changeInFlight(id, row -> row.apply(Settlement.delivered(row.asClaim(), nowMs)));
    }

    @Override
    public synchronized boolean markFailed(String id, String error, long nowMs, long nextRetryAtMs) {
        return changeInFlight(id, row -> row.apply(Settlement.failed(row.asClaim(), error, nowMs, nextRetryAtMs)));
    }

    @Override
    public synchronized boolean markPermanentFailed(String id, String error, long nowMs) {
        return changeInFlight(id, row -> row.apply(Settlement.permanentlyFailed(row.asClaim(), error, nowMs)));
    }

    private boolean changeInFlight(String id, java.util.function.Consumer<Row> change) {
        check();
        Row row = rows.get(id);
        if (row == null || !row.is(OperationStatus.IN_FLIGHT)) {
            return false;
        }
        change.accept(row);
        return true;
    }

    @Override
    public synchronized int pruneDone(long olderThanMs) {
        check();
        return prune(OperationStatus.DONE, olderThanMs);
    }

    @Override
    public synchronized int pruneDeadLetters(long olderThanMs) {
        check();
        return prune(OperationStatus.PERMANENT_FAILED, olderThanMs);
    }

    private int prune(OperationStatus status, long olderThanMs) {
        int before = rows.size();
        rows.values().removeIf(row -> row.is(status) && row.operation.updatedAtMs() <= olderThanMs);
        return before - rows.size();
    }

    @Override
    public synchronized int requeueInflightOlderThan(long nowMs, long timeoutMs) {
        check();
        return requeue(row -> row.leaseIsOver(nowMs, timeoutMs), nowMs);
    }

    @Override
    public synchronized int reclaimAbandoned(String owner, long nowMs) {
        check();
        return requeue(row -> row.claimedInLife < life && row.owner.equals(owner), nowMs);
    }

    private int requeue(Predicate<Row> wanted, long nowMs) {
        List<Row> found = rows.values().stream()
                .filter(row -> row.is(OperationStatus.IN_FLIGHT))
                .filter(wanted)
                .toList();
        found.forEach(
                row -> row.apply(Settlement.failed(row.asClaim(), "requeued after in-flight timeout", nowMs, nowMs)));
        return found.size();
    }

    @Override
    public synchronized void renewLeases(Collection<Claim> claims, long nowMs) {
        for (Claim claim : claims) {
            Row row = rows.get(claim.operation().id());
            if (row != null && row.token == claim.token()) {
                row.leaseStartMs = nowMs;
            }
        }
    }

    @Override
    public synchronized int expire(long nowMs) {
        check();
        List<Row> expired = rows.values().stream()
                .filter(row -> row.isWaiting() && row.operation.expiresAtMs() > 0)
                .filter(row -> row.operation.expiresAtMs() <= nowMs)
                .toList();
        expired.forEach(row -> row.change(OperationStatus.PERMANENT_FAILED, "expired: waited too long", nowMs));
        return expired.size();
    }

    @Override
    public synchronized void cancel(String id, long nowMs) {
        Row row = require(id);
        if (!row.isWaiting()) {
            throw new IllegalStateException("operation " + id + " is " + row.operation.status() + ", not waiting");
        }
        row.change(OperationStatus.PERMANENT_FAILED, "cancelled by a person", nowMs);
    }

    @Override
    public synchronized void replay(String id, long nowMs) {
        Row row = require(id);
        if (!row.is(OperationStatus.PERMANENT_FAILED)) {
            throw new IllegalStateException("operation " + id + " is " + row.operation.status() + ", not buried");
        }
        rows.remove(id);
        rows.put(id, row);
        row.operation = Operation.restore(row.operation).attempt(0).build();
        row.due(nowMs, nowMs, false);
        row.change(OperationStatus.PENDING, "replayed after: " + row.operation.lastError(), nowMs);
    }

    private Row require(String id) {
        check();
        return Optional.ofNullable(rows.get(id)).orElseThrow(() -> new NoSuchElementException("no operation " + id));
    }

    @Override
    public synchronized List<Operation> page(OperationStatus status, String afterId, int limit) {
        return rows.values().stream()
                .map(row -> row.operation)
                .filter(operation -> operation.status() == status)
                .dropWhile(operation -> !afterId.isEmpty() && !operation.id().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Map<OperationStatus, Long> counts() {
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        for (OperationStatus status : OperationStatus.values()) {
            counts.put(
                    status, rows.values().stream().filter(row -> row.is(status)).count());
        }
        return counts;
    }

    @Override
    public synchronized OptionalLong nextDueAtMs(long nowMs) {
        return rows.values().stream()
                .filter(Row::isWaiting)
                .flatMapToLong(row -> java.util.stream.LongStream.of(row.dueAtMs, row.operation.expiresAtMs()))
                .filter(atMs -> atMs > nowMs)
                .min();
    }

    @Override
    public synchronized void onReady(Runnable listener) {
        readyListener = listener;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        if (failing) {
            throw failsForGood
                    ? OutboxStoreException.takesNoMore("the disk is gone", new IOException("no such device"))
                    : new OutboxStoreException("the disk is full");
        }
    }

    /** One operation and what the store knows beside it; guarded by the store's lock. */
    private final class Row {
        private Operation operation;
        private String owner = "";
        private long token;
        private int claimedInLife;
        private long leaseStartMs;
        private long dueAtMs;
        private long dueSetAtMs;
        private boolean dueWasAsked;
        private boolean ambiguous;

        Row(Operation operation) {
            this.operation = Operation.restore(operation.toBuilder().build())
                    .updatedAtMs(operation.updatedAtMs())
                    .build();
            boolean delayed = operation.nextRetryAtMs() > operation.updatedAtMs();
            due(operation.nextRetryAtMs(), operation.updatedAtMs(), delayed);
        }

        boolean is(OperationStatus status) {
            return operation.status() == status;
        }

        boolean isWaiting() {
            return is(OperationStatus.PENDING) || is(OperationStatus.FAILED);
        }

        List<String> queue() {
            return List.of(operation.kind(), operation.destination());
        }

        /** Whether nothing in its lane is before it; {@code lanes} holds those met so far. */
        boolean isHead(Set<String> lanes) {
            String lane = operation.orderingKey();
            return operation.status().isFinal() || lane.isEmpty() || lanes.add(lane);
        }

        void due(long atMs, long setAtMs, boolean asked) {
            dueAtMs = atMs;
            dueSetAtMs = setAtMs;
            dueWasAsked = asked;
        }

        boolean isDue(long nowMs) {
            if (!dueWasAsked && nowMs < dueSetAtMs) {
                // the clock went back: the policy's wait starts anew
                due(nowMs + Math.max(0, dueAtMs - dueSetAtMs), nowMs, false);
            }
            boolean expired = operation.expiresAtMs() > 0 && operation.expiresAtMs() <= nowMs;
            return isWaiting() && dueAtMs <= nowMs && !expired;
        }

        boolean leaseIsOver(long nowMs, long timeoutMs) {
            if (nowMs < leaseStartMs) {
                leaseStartMs = nowMs;
            }
            return nowMs - leaseStartMs >= timeoutMs;
        }

        Claim claim(String newOwner, long nowMs) {
            owner = newOwner;
            token = ++lastToken;
            claimedInLife = life;
            leaseStartMs = nowMs;
            change(OperationStatus.IN_FLIGHT, operation.lastError(), nowMs);
            return asClaim();
        }

        Claim asClaim() {
            return new Claim(operation, owner, token, ambiguous);
        }

        void apply(Settlement settlement) {
            ambiguous |= settlement.ambiguous();
            int attempt = operation.attempt() + (settlement.charged() ? 1 : 0);
            operation = Operation.restore(operation).attempt(attempt).build();
            due(settlement.dueAtMs(), settlement.nowMs(), settlement.dueWasAsked());
            OperationStatus released = attempt == 0 ? OperationStatus.PENDING : OperationStatus.FAILED;
            OperationStatus status = switch (settlement.verdict()) {
                case DELIVERED -> OperationStatus.DONE;
                case FAILED -> OperationStatus.FAILED;
                case PERMANENT_FAILED -> OperationStatus.PERMANENT_FAILED;
                case RELEASED -> released;
            };
            change(status, settlement.error(), settlement.nowMs());
            operation = Operation.restore(operation).answer(settlement.answer()).build();
        }

        void change(OperationStatus status, String lastError, long nowMs) {
            if (status != OperationStatus.IN_FLIGHT) {
                // this operation, or the next in its lane, may be ready now
                readyListener.run();
            }
            operation = Operation.restore(operation)
                    .status(status)
                    .lastError(lastError)
                    .updatedAtMs(nowMs)
                    .nextRetryAtMs(dueAtMs)
                    .build();
        }
    }
}
