package dev.tidesync.engine.control;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.spi.Incident;
import dev.tidesync.spi.Standing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A small outbox in memory, to stand at the far end of a control socket. Safe for use by many threads. */
final class MemoryOutboxAccess implements OutboxAccess {
    /** Runs while a count is under way. */
    volatile Runnable whileCounting = () -> {};

    volatile EngineStatus status = EngineStatus.NONE;

    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private Duration prunedAge = Duration.ZERO;

    @Override
    public synchronized List<EnqueueAnswer> enqueueAll(List<Operation> added) {
        List<EnqueueAnswer> answers = new ArrayList<>();
        for (Operation operation : added) {
            if (operation.kind().equals("refuse.me")) {
                answers.add(EnqueueAnswer.refused("operation refused: because"));
            } else {
                String id = operation.id().isEmpty() ? "generated-" + operations.size() : operation.id();
                operations.put(id, operation.toBuilder().id(id).build());
                answers.add(EnqueueAnswer.accepted(id));
            }
        }
        return answers;
    }

    synchronized void put(Operation operation) {
        operations.put(operation.id(), operation);
    }

    @Override
    public synchronized Optional<Operation> find(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    @Override
    public synchronized List<Operation> page(OperationStatus status, String afterId, int limit) {
        return operations.values().stream()
                .filter(operation -> operation.status() == status)
                .dropWhile(operation -> !afterId.isEmpty() && !operation.id().equals(afterId))
                .skip(afterId.isEmpty() ? 0 : 1)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<OperationStatus, Long> counts() {
        whileCounting.run();
        return counted();
    }

    private synchronized Map<OperationStatus, Long> counted() {
        Map<OperationStatus, Long> counts = new EnumMap<>(OperationStatus.class);
        for (OperationStatus status : OperationStatus.values()) {
            counts.put(status, (long) page(status, "", Integer.MAX_VALUE).size());
        }
        return counts;
    }

    @Override
    public void replay(String id) {
        throw new IllegalStateException("operation '" + id + "' is DONE and cannot be replayed");
    }

    @Override
    public synchronized void cancel(String id) {
        if (operations.remove(id) == null) {
            throw new NoSuchElementException("no operation '" + id + "'");
        }
    }

    @Override
    public synchronized int pruneDone(Duration age) {
        prunedAge = age;
        return 7;
    }

    @Override
    public synchronized int pruneDeadLetters(Duration age) {
        prunedAge = age;
        return 3;
    }

    @Override
    public int replayAll(List<String> ids) {
        return ids.size();
    }

    synchronized Duration prunedAge() {
        return prunedAge;
    }

    @Override
    public ImportSummary importVix(Path file) {
        return new ImportSummary(2, List.of(file.getFileName() + ": row 'x' has no kind"));
    }

    @Override
    public synchronized Optional<Explanation> explain(String id) {
        return find(id).map(operation -> new Explanation(
                Standing.of(operation, Standing.State.BEHIND)
                        .lane("head", 3)
                        .claim("somebody", 5)
                        .ambiguous(true)
                        .incidents(List.of(new Incident(7, Incident.Type.FAILED, "http.500", "broken")))
                        .build(),
                List.of(new WaitReason(WaitReason.Cause.LANE, "behind head", 9))));
    }

    @Override
    public EngineStatus engineStatus() {
        return status;
    }

    @Override
    public void close() {}
}
