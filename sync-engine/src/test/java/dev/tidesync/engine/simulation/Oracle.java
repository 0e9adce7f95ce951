package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.simulation.Expectation.Custody;
import dev.tidesync.engine.wal.Damage;
import dev.tidesync.spi.OutboxStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows what was promised, and says when a promise is broken.
 *
 * <ul>
 *   <li>S1 what was acknowledged is there until it is final, with its exact intent; what was final stays final
 *   <li>S2 nothing is invented, nothing that was refused is kept or comes back, what was logged is kept without a hole
 *   <li>S3 in a lane, operations reach the receiver in the order of their enqueue
 *   <li>S4 DONE only if the receiver's answer was handed to the engine; buried only for a reason
 *   <li>S5 a receiver that keeps keys applies each operation once, with its exact intent
 *   <li>S6 attempts never shrink, and a claim that is given back is charged
 *   <li>S7 nothing is sent before it is durable, claimed and due, or after it is final or expired
 *   <li>S8 nothing is acknowledged after the disk has failed; an outdated claim's failure is refused
 *   <li>S9 recovery is idempotent, and calls no power cut damage
 *   <li>L1 once faults stop, everything acknowledged becomes final
 * </ul>
 *
 * <p>A violation found in a callback of the engine is kept until {@link #check}, since the engine would take an
 * exception for a failed send.
 */
final class Oracle {
    private final Map<String, Expectation> expectations = new LinkedHashMap<>();
    private final Map<String, Integer> lastAppliedOfLane = new HashMap<>();
    private final SimulatedClock clock;
    private final EventLog events;
    private final int maxAttempts;
    private @Nullable OutboxStore store;
    private @Nullable Violation violation;
    private int orders;

    Oracle(SimulatedClock clock, EventLog events, int maxAttempts) {
        this.clock = clock;
        this.events = events;
        this.maxAttempts = maxAttempts;
    }

    /** Throws the first violation found so far. */
    void check() {
        if (violation != null) {
            throw violation;
        }
    }

    private void require(boolean condition, String invariant, Supplier<String> what) {
        if (!condition && violation == null) {
            violation = new Violation(invariant, what.get());
            events.add("VIOLATION " + violation.getMessage());
        }
    }

    // ---- what the application does

    void asked(Operation operation) {
        expectations.put(operation.id(), new Expectation(operation, ++orders, clock.millis()));
    }

    void acknowledged(String id) {
        events.add("acknowledged " + id);
        of(id).custody(Custody.OUTBOX);
        everythingSeenIsDurable();
    }

    /** The enqueue failed, and the process lives. */
    void refused(String id) {
        events.add("refused " + id);
        require(get(id).isEmpty(), "S2", () -> id + " is shown although its enqueue failed");
        inDoubt(id);
    }

    /** The enqueue was turned away before anything was written. */
    void turnedAway(String id) {
        refused(id);
        of(id).custody(Custody.NOBODY);
    }

    /** The process died during the enqueue. */
    void inDoubt(String id) {
        of(id).custody(Custody.IN_DOUBT);
    }

    /** A call returned that promises durability, and with it the durability of all that was logged before. */
    void everythingSeenIsDurable() {
        expectations.values().forEach(Expectation::seenIsDurable);
    }

    void cancelAsked(String id) {
        of(id).cancelAsked();
    }

    void replayAsked(String id) {
        of(id).replayAsked(++orders);
    }

    void pruneAsked(OperationStatus status) {
        expectations.values().forEach(expectation -> expectation.pruneAsked(status));
    }

    void settledFromOutside(String id) {
        of(id).settledFromOutside();
    }

    int sends(String id) {
        return of(id).sends();
    }

    /** Whether its enqueue failed and left nothing behind. */
    boolean isLost(String id) {
        return of(id).custody() == Custody.NOBODY;
    }

    boolean mayBePruned(String id) {
        return of(id).mayBePruned();
    }

    /** Somebody reported a failure for a claim that had been overtaken. */
    void outdatedFailureAnswered(String id, boolean accepted) {
        require(!accepted, "S8", () -> "the failure of an outdated claim of " + id + " was accepted");
    }

    void failed(String invariant, String what) {
        require(false, invariant, () -> what);
    }

    // ---- what the transport and the receiver see

    void sending(Operation operation) {
        String id = operation.id();
        events.add("sending " + id + " attempt " + operation.attempt());
        Expectation expected = expectations.get(id);
        require(expected != null, "S2", () -> "sent " + id + ", which nobody enqueued");
        if (expected == null) {
            return;
        }
        require(expected.inOutbox(), "S7", () -> "sent " + id + " before it was durable: " + expected.custody());
        requireSameIntent(expected, operation, "was sent");
        requireSendable(expected, operation);
        requireFirstOfLane(expected);
        expected.sent();
    }

    private void requireSendable(Expectation expected, Operation operation) {
        long nowMs = clock.millis();
        Operation submitted = expected.submitted();
        boolean expired = submitted.expiresAtMs() > 0 && submitted.expiresAtMs() < nowMs;
        boolean early = operation.attempt() == 0 && expected.isDelayedBeyond(nowMs);
        boolean over = !expected.seen().canBecome(operation, expected.replays());
        require(operation.isInFlight(), "S7", () -> operation + " was sent without a claim");
        require(!expired, "S7", () -> operation + " was sent after it expired");
        require(!early, "S7", () -> operation + " was sent before it was due");
        require(!over, "S7", () -> operation + " was sent after it was " + expected.seen());
    }

    private void requireFirstOfLane(Expectation expected) {
        String lane = expected.submitted().orderingKey();
        if (lane.isEmpty()) {
            return;
        }
        for (Expectation other : expectations.values()) {
            if (other.inOutbox()
                    && other.order() < expected.order()
                    && other.submitted().orderingKey().equals(lane)) {
                require(
                        isOver(other),
                        "S3",
                        () -> expected.id() + " was sent before " + other.id() + " of its lane was over");
            }
        }
    }

    private boolean isOver(Expectation other) {
        Optional<Operation> now = get(other.id());
        return now.map(operation -> operation.status().isFinal()).orElse(other.mayBePruned());
    }

    /** The receiver had not seen this key before. */
    void applied(Operation operation) {
        Expectation expected = of(operation.id());
        expected.applied();
        events.add("applied " + expected.id());
        require(expected.effects() == 1, "S5", () -> expected.id() + " was applied " + expected.effects() + " times");
        String lane = operation.orderingKey();
        if (!lane.isEmpty()) {
            int last = lastAppliedOfLane.getOrDefault(lane, 0);
            require(last < expected.order(), "S3", () -> expected.id() + " was applied out of the order of " + lane);
            lastAppliedOfLane.put(lane, Math.max(last, expected.order()));
        }
    }

    /** The engine itself was told that no further attempt can mend it. */
    void refusedForGood(String id) {
        of(id).refusedForGood(true);
    }

    /** The answer is about to be handed to whoever sends. */
    void told(String id, SendResult result) {
        events.add("told " + id + " " + result);
        of(id).told(result);
    }

    // ---- what the outbox shows

    /** A recovery has just ended; what it shows is durable, or it could not be sent. */
    void recovered(OutboxStore opened, boolean unforcedMayBeLost) {
        store = opened;
        Map<String, Operation> found = everythingIn(opened);
        events.add("recovered " + found.size() + " operations");
        requireNothingInvented(found.values());
        requireNoHole(found.keySet());
        for (Expectation expected : expectations.values()) {
            Sight floor = unforcedMayBeLost ? expected.durable() : expected.seen();
            recovered(expected, floor, found.get(expected.id()));
        }
        everythingSeenIsDurable();
    }

    /** Another recovery has ended, with nothing done since the one before. */
    void recoveredAgain(Map<String, Operation> before, OutboxStore opened) {
        store = opened;
        Map<String, Operation> after = everythingIn(opened);
        require(before.keySet().equals(after.keySet()), "S9", () -> before.keySet() + " became " + after.keySet());
        before.forEach((id, operation) -> require(
                operation.equals(after.get(id)),
                "S9",
                () -> operation + " became " + after.get(id) + " in another recovery"));
    }

    /** Of operations whose enqueue was cut short, the first ones may be there, but none behind one that is not. */
    private void requireNoHole(Set<String> found) {
        String missing = "";
        for (Expectation expected : expectations.values()) {
            if (expected.custody() == Custody.IN_DOUBT) {
                String firstMissing = missing;
                boolean there = found.contains(expected.id());
                require(
                        !there || firstMissing.isEmpty(),
                        "S2",
                        () -> expected.id() + " survived, and " + firstMissing + ", enqueued before it, did not");
                missing = there || !missing.isEmpty() ? missing : expected.id();
            }
        }
    }

    /** What opening the log called damage. There has been none: nothing here changes what was forced. */
    void damageReported(List<Damage> damages) {
        require(damages.isEmpty(), "S9", () -> "a crash was reported as damage: " + damages);
    }

    private void recovered(Expectation expected, Sight floor, @Nullable Operation now) {
        if (now == null) {
            require(
                    !expected.inOutbox() || expected.mayBePruned(),
                    "S1",
                    () -> expected.id() + " is gone after recovery; it was " + expected.seen());
            if (!expected.inOutbox()) {
                expected.custody(Custody.NOBODY);
            }
            return;
        }
        require(expected.custody() != Custody.NOBODY, "S2", () -> expected.id() + " came back from nowhere");
        expected.custody(Custody.OUTBOX);
        require(
                floor.canBecome(now, expected.replays()),
                floor.status().isFinal() ? "S1" : "S6",
                () -> expected.id() + " was " + floor + ", and after recovery is " + now);
        requireLegitimate(expected, now);
        boolean claimedEarly = now.isInFlight() && now.attempt() == 0 && expected.isDelayedBeyond(now.updatedAtMs());
        require(!claimedEarly, "S7", () -> now + " was claimed before it was due");
        expected.refusedForGood(false);
        expected.see(now);
    }

    /** Looks at everything, between two steps of one life. */
    void look(OutboxStore current) {
        Map<String, Operation> found = everythingIn(current);
        requireNothingInvented(found.values());
        for (Expectation expected : expectations.values()) {
            look(expected, found.get(expected.id()));
        }
    }

    private void look(Expectation expected, @Nullable Operation now) {
        if (now == null) {
            require(!expected.inOutbox() || expected.mayBePruned(), "S1", () -> expected.id() + " is gone");
            return;
        }
        require(expected.inOutbox(), "S2", () -> expected.id() + " is shown, but its custody is " + expected.custody());
        require(
                expected.seen().canBecome(now, expected.replays()),
                expected.seen().status().isFinal() ? "S1" : "S6",
                () -> expected.id() + " was " + expected.seen() + ", and is " + now);
        if (expected.wasRequeuedBefore(now)) {
            require(
                    now.attempt() > expected.seen().attempt(),
                    "S6",
                    () -> expected.id() + " was given back uncharged: " + expected.seen() + " became " + now);
        }
        requireLegitimate(expected, now);
        require(
                !expected.isRefusedForGood() || now.status().isFinal(),
                "S7",
                () -> expected.id() + " was refused for good, and yet is " + now);
        expected.see(now);
        if (now.isPermanentFailed()) {
            expected.seenIsDurable();
        }
    }

    private void requireNothingInvented(Collection<Operation> found) {
        for (Operation operation : found) {
            Expectation expected = expectations.get(operation.id());
            require(expected != null, "S2", () -> operation + " was never enqueued");
            if (expected != null) {
                requireSameIntent(expected, operation, "is kept");
            }
        }
    }

    private void requireSameIntent(Expectation expected, Operation operation, String how) {
        require(expected.submitted().sameIntent(operation), "S1", () -> operation + " " + how + " with another intent");
    }

    private void requireLegitimate(Expectation expected, Operation now) {
        require(!now.isDone() || expected.toldDelivered(), "S4", () -> now + " without the receiver's answer");
        require(
                !now.isPermanentFailed() || expected.mayBeBuried(now, maxAttempts, clock.latestMs()),
                "S4",
                () -> now + " without a reason: " + now.lastError());
    }

    /** Everything must be over: faults have stopped, and time enough has passed. */
    void allOver(OutboxStore current) {
        look(current);
        for (Expectation expected : expectations.values()) {
            if (expected.inOutbox()) {
                require(isOver(expected), "L1", () -> "still waiting at the end: " + get(expected.id()));
                boolean delivered = expected.toldDelivered();
                require(
                        !delivered || expected.effects() == 1,
                        "S5",
                        () -> expected.id() + " was delivered without effect");
            } else {
                require(expected.effects() == 0, "S2", () -> expected.id() + " was refused, and yet applied");
            }
        }
    }

    /** Whether everything that the outbox has taken is final. */
    boolean isAllOver() {
        return expectations.values().stream().filter(Expectation::inOutbox).allMatch(this::isOver);
    }

    /** All that a store holds, by id. */
    static Map<String, Operation> everythingIn(OutboxStore store) {
        Map<String, Operation> found = new LinkedHashMap<>();
        for (OperationStatus status : OperationStatus.values()) {
            store.page(status, "", Integer.MAX_VALUE).forEach(operation -> found.put(operation.id(), operation));
        }
        return found;
    }

    private Optional<Operation> get(String id) {
        return store == null ? Optional.empty() : store.get(id);
    }

    private Expectation of(String id) {
        Expectation expected = expectations.get(id);
        if (expected == null) {
            throw new IllegalArgumentException("nobody enqueued " + id);
        }
        return expected;
    }
}
