package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An application and an engine with one store, who write down what it promises. */
final class OutboxUser {
    private static final long T0 = 1_700_000_000_000L;
    private static final int SEGMENT_BYTES = 4096;
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final int ROUNDS_OF_UPKEEP = 300;

    private final FailingStorage storage;
    private final Promises promises = new Promises();
    private final Map<String, Claim> claims = new HashMap<>();
    private ManualTimer timer = new ManualTimer();
    private ManualTimer upkeep = new ManualTimer();
    private long retainDoneCount = Long.MAX_VALUE;
    private @Nullable FileOutboxStore store;
    private int complaints;
    private boolean outcomesToForce;
    private long nowMs = T0;

    OutboxUser(FailingStorage storage) {
        this.storage = storage;
    }

    void open() {
        timer = new ManualTimer();
        upkeep = new ManualTimer();
        claims.clear();
        FileOutboxStore.Config config = FileOutboxStore.Config.builder()
                .filePath(Path.of("outbox.json"))
                .segmentBytes(SEGMENT_BYTES)
                .retainDoneFor(FOR_EVER)
                .retainDoneCount(retainDoneCount)
                .build();
        store = StoreOpening.open(config, storage, new StoreParts.Timers(timer, upkeep), () -> {});
    }

    private FileOutboxStore store() {
        return Objects.requireNonNull(store, "the store was not opened");
    }

    void close() {
        store().requireWritable(); // a store that takes no more changes has nothing to force on closing
        store().close();
        promises.everythingIsForced();
    }

    /** What a process does that ends although its store is broken. */
    void closeWhateverItSays() {
        if (store != null) {
            try {
                store.close();
            } catch (OutboxStoreException brokenBefore) {
                complaints++;
            }
        }
    }

    /** How often closing a broken store said that it could not force. */
    int complaints() {
        return complaints;
    }

    void reopen() {
        close();
        open();
    }

    /** From the next opening on, only so many delivered operations are kept. */
    void retainDone(long count) {
        retainDoneCount = count;
    }

    void enqueue(String... ids) {
        enqueueInLane("", ids);
    }

    void enqueueInLane(String lane, String... ids) {
        List<Operation> operations =
                Arrays.stream(ids).map(id -> operation(id, lane, 100)).toList();
        enqueueAll(operations);
    }

    void enqueueLarge(String id, int payloadBytes) {
        enqueueAll(List.of(operation(id, "", payloadBytes)));
    }

    private void enqueueAll(List<Operation> operations) {
        operations.forEach(promises::asked);
        if (operations.size() == 1) {
            store().put(operations.get(0));
        } else {
            store().putAll(operations);
        }
        operations.forEach(operation -> promises.acknowledged(operation.id()));
    }

    private Operation operation(String id, String lane, int payloadBytes) {
        return Operation.restore(Operation.builder()
                        .id(id)
                        .kind("http.post")
                        .target("https://host/" + id)
                        .payload(id + "x".repeat(payloadBytes))
                        .header("h", id)
                        .orderingKey(lane)
                        .createdAtMs(nowMs)
                        .build())
                .updatedAtMs(nowMs)
                .build();
    }

    /** Claims the oldest that are ready. */
    List<String> claim(int count) {
        ready().stream().limit(count).forEach(id -> promises.mayBecome(id, OperationStatus.IN_FLIGHT));
        List<Claim> claimed = store().claimReady(new ClaimRequest(
                store().defaultOwner(), nowMs, count, (kind, destination) -> Admission.upTo(count)));
        List<String> ids = new ArrayList<>();
        for (Claim claim : claimed) {
            String id = claim.operation().id();
            promises.became(id, OperationStatus.IN_FLIGHT);
            claims.put(id, claim);
            ids.add(id);
        }
        return ids;
    }

    void deliver(String... ids) {
        settle(OperationStatus.DONE, claim -> Settlement.delivered(claim, nowMs), ids);
    }

    void deliverWithAnswer(String id, String answer) {
        settle(OperationStatus.DONE, claim -> Settlement.delivered(claim, nowMs).withAnswer(answer), id);
    }

    void fail(String... ids) {
        settle(OperationStatus.FAILED, claim -> Settlement.failed(claim, "no answer", nowMs, nowMs), ids);
    }

    void release(String... ids) {
        settle(OperationStatus.PENDING, claim -> Settlement.released(claim, "not now", nowMs, nowMs), ids);
    }

    /** Fails for good, which is on disk when it returns. */
    void bury(String... ids) {
        settle(OperationStatus.PERMANENT_FAILED, claim -> Settlement.permanentlyFailed(claim, "rejected", nowMs), ids);
        promises.everythingIsForced();
    }

    private void settle(OperationStatus status, Function<Claim, Settlement> outcome, String... ids) {
        List<Settlement> settlements = new ArrayList<>();
        for (String id : ids) {
            settlements.add(outcome.apply(claimOf(id)));
            promises.mayBecome(id, status);
        }
        store().settleAll(settlements);
        for (String id : ids) {
            promises.became(id, status);
        }
        outcomesToForce = true;
    }

    private Claim claimOf(String id) {
        Claim claim = claims.get(id);
        if (claim == null) {
            throw new NothingToTellException(id);
        }
        return claim;
    }

    /** The claim of an operation has failed, so there is no outcome. */
    static final class NothingToTellException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NothingToTellException(String id) {
            super("'" + id + "' was not claimed");
        }
    }

    /** Takes back what was claimed and never answered. */
    void requeue(String... expected) {
        pass(1_000);
        for (String id : expected) {
            if (!promises.isNow(id, OperationStatus.IN_FLIGHT)) {
                throw new NothingToTellException(id);
            }
            promises.mayBecome(id, OperationStatus.FAILED);
        }
        store().requeueInflightOlderThan(nowMs, 500);
        for (String id : expected) {
            promises.became(id, OperationStatus.FAILED);
        }
        outcomesToForce = true;
    }

    void cancel(String id) {
        promises.mayBecome(id, OperationStatus.PERMANENT_FAILED);
        store().cancel(id, nowMs);
        promises.became(id, OperationStatus.PERMANENT_FAILED);
        promises.everythingIsForced();
    }

    void replay(String id) {
        promises.mayBecome(id, OperationStatus.PENDING);
        store().replay(id, nowMs);
        promises.became(id, OperationStatus.PENDING);
        promises.everythingIsForced();
    }

    void expire(String... expected) {
        for (String id : expected) {
            promises.mayBecome(id, OperationStatus.PERMANENT_FAILED);
        }
        store().expire(nowMs);
        for (String id : expected) {
            promises.became(id, OperationStatus.PERMANENT_FAILED);
        }
        promises.everythingIsForced();
    }

    /** Enqueues one that is not worth delivering after a second. */
    void enqueueShortLived(String id) {
        enqueueAll(List.of(
                operation(id, "", 100).toBuilder().expiresAtMs(nowMs + 1_000).build()));
    }

    void pruneDone() {
        promises.mayForget(OperationStatus.DONE);
        store().pruneDone(nowMs + 1);
        outcomesToForce = true;
    }

    void pruneDeadLetters() {
        promises.mayForget(OperationStatus.PERMANENT_FAILED);
        store().pruneDeadLetters(nowMs + 1);
    }

    void pass(long ms) {
        nowMs += ms;
    }

    /** What is logged reaches the disk, as it does by itself after 50 ms. */
    void forceSoon() {
        timer.runTasks();
        store().requireWritable();
        if (outcomesToForce) { // claims alone are never forced
            promises.everythingIsForced();
            outcomesToForce = false;
        }
    }

    /** Retention and compaction, until there is nothing more to do. */
    void tidyUp() {
        if (retainDoneCount < Long.MAX_VALUE) {
            promises.mayForget(OperationStatus.DONE);
        }
        for (int round = 0; round < ROUNDS_OF_UPKEEP; round++) { // with a broken disk it would go on for ever
            upkeep.runTasks();
        }
    }

    List<String> ready() {
        return store()
                .list(ListOptions.builder()
                        .nowMs(nowMs)
                        .limit(Integer.MAX_VALUE)
                        .build())
                .stream()
                .map(Operation::id)
                .toList();
    }

    Map<String, Operation> everything() {
        Map<String, Operation> all = new LinkedHashMap<>();
        for (OperationStatus status : OperationStatus.values()) {
            store().page(status, "", Integer.MAX_VALUE).forEach(operation -> all.put(operation.id(), operation));
        }
        return all;
    }

    /** After a fault and an opening: what the store shows that it must not, or does not show that it must. */
    List<String> brokenPromises() {
        List<String> broken = new ArrayList<>(promises.takeOver(everything()));
        store().recovery().damages().forEach(damage -> broken.add("damage reported: " + damage));
        return broken;
    }
}
