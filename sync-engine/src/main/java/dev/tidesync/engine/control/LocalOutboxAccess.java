package dev.tidesync.engine.control;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.insight.EngineInsight;
import dev.tidesync.engine.insight.EngineStatus;
import dev.tidesync.engine.insight.Explanation;
import dev.tidesync.engine.insight.WaitReason;
import dev.tidesync.engine.insight.WaitReason.Cause;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.engine.store.ImportReport;
import dev.tidesync.spi.OutboxStoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An outbox that this process owns. Safe for use by many threads, as its store is. */
public final class LocalOutboxAccess implements OutboxAccess {
    /** A page ends behind the operation that reaches this, so that large payloads do not fill the memory. */
    private static final long PAGE_PAYLOAD_BYTES = 8L << 20;

    private final Outbox outbox;
    private final EngineInsight engine;

    /** Works on the given outbox, whose store {@link #close} closes, and to which no engine belongs. */
    public LocalOutboxAccess(Outbox outbox) {
        this(outbox, new NoEngine(outbox));
    }

    /** Works on the given outbox, whose store {@link #close} closes, and asks its engine. */
    public LocalOutboxAccess(Outbox outbox, EngineInsight engine) {
        this.outbox = outbox;
        this.engine = engine;
    }

    @Override
    public List<EnqueueAnswer> enqueueAll(List<Operation> operations) {
        List<EnqueueAnswer> answers = new ArrayList<>();
        List<Operation> group = new ArrayList<>();
        Set<String> idsInGroup = new HashSet<>();
        for (Operation operation : operations) {
            if (mayBeRefused(operation, idsInGroup)) {
                enqueueGroup(group, answers);
                idsInGroup.clear();
                answers.add(enqueue(operation));
            } else {
                group.add(operation);
                idsInGroup.add(operation.id());
            }
        }
        enqueueGroup(group, answers);
        return answers;
    }

    /** One refused operation would fail a whole group, so those in doubt go alone. */
    private boolean mayBeRefused(Operation operation, Set<String> idsInGroup) {
        String id = operation.id();
        boolean idInDoubt = id.isEmpty()
                ? !outbox.config().autoGenerateIds()
                : idsInGroup.contains(id) || outbox.store().get(id).isPresent();
        return idInDoubt || exceedsLimits(operation);
    }

    private boolean exceedsLimits(Operation operation) {
        try {
            outbox.config().limits().check(operation);
            return false;
        } catch (IllegalArgumentException exceeded) {
            return true;
        }
    }

    private void enqueueGroup(List<Operation> group, List<EnqueueAnswer> answers) {
        if (!group.isEmpty()) {
            outbox.enqueueAll(group, nowMs()).forEach(id -> answers.add(EnqueueAnswer.accepted(id)));
            group.clear();
        }
    }

    private EnqueueAnswer enqueue(Operation operation) {
        try {
            return EnqueueAnswer.accepted(outbox.enqueue(operation));
        } catch (IllegalArgumentException refused) {
            return EnqueueAnswer.refused(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public Optional<Operation> find(String id) {
        return outbox.store().get(id);
    }

    @Override
    public List<Operation> page(OperationStatus status, String afterId, int limit) {
        List<Operation> page = new ArrayList<>();
        String last = afterId;
        long payloadBytes = 0;
        while (page.size() < limit && payloadBytes < PAGE_PAYLOAD_BYTES) {
            List<Operation> step = outbox.store().page(status, last, 1);
            if (step.isEmpty()) {
                break;
            }
            page.addAll(step);
            payloadBytes += step.stream().mapToLong(Operation::payloadSize).sum();
            last = step.get(step.size() - 1).id();
        }
        return page;
    }

    @Override
    public Map<OperationStatus, Long> counts() {
        return outbox.store().counts();
    }

    @Override
    public void replay(String id) {
        outbox.replay(id);
    }

    @Override
    public int replayAll(List<String> ids) {
        return outbox.store().replayAll(ids, nowMs());
    }

    @Override
    public void cancel(String id) {
        outbox.cancel(id);
    }

    @Override
    public int pruneDone(Duration age) {
        return outbox.store().pruneDone(nowMs() - age.toMillis());
    }

    @Override
    public int pruneDeadLetters(Duration age) {
        return outbox.store().pruneDeadLetters(nowMs() - age.toMillis());
    }

    private long nowMs() {
        return outbox.config().clock().millis();
    }

    @Override
    public ImportSummary importVix(Path file) {
        if (!(outbox.store() instanceof FileOutboxStore store)) {
            throw new IllegalArgumentException("only a file store imports; this outbox is kept in a "
                    + outbox.store().getClass().getSimpleName());
        }
        ImportReport report = store.importVix(file);
        return new ImportSummary(report.imported(), report.problems());
    }

    @Override
    public Optional<Explanation> explain(String id) {
        return engine.explain(id);
    }

    @Override
    public EngineStatus engineStatus() {
        return engine.status()
                .orElseThrow(() -> new OutboxStoreException(
                        "the engine did not answer within two seconds; its disk may be slow, so ask again"));
    }

    @Override
    public void close() {
        outbox.store().close();
    }

    private record NoEngine(Outbox outbox) implements EngineInsight {
        private static final WaitReason REASON =
                WaitReason.of(Cause.NOT_RUNNING, "no engine delivers what is in this outbox; 'tidesync run' does");

        @Override
        public Optional<Explanation> explain(String id) {
            return outbox.explain(id).map(this::withoutEngine);
        }

        private Explanation withoutEngine(Explanation explanation) {
            boolean ended = explanation.standing().operation().status().isFinal();
            return ended ? explanation : explanation.with(List.of(REASON));
        }

        @Override
        public Optional<EngineStatus> status() {
            return Optional.of(EngineStatus.NONE);
        }
    }
}
