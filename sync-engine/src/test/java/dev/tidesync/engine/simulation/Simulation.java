package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * One run: an application, an engine and a receiver through several lives of the process, all in one thread, all from
 * one seed. Ends without an exception if every promise was kept.
 */
final class Simulation {
    private static final int STEPS_OF_A_LIFE = 60;
    private static final int ROUNDS_OF_CALM = 600;
    private static final long LEASE_MS = 10_000;
    private static final long DAY_MS = 86_400_000;

    private final Scenario scenario;
    private final RandomGenerator random;
    private final EventLog events = new EventLog();
    private final SimulatedClock clock = new SimulatedClock();
    private final Oracle oracle;
    private final Workload workload;
    private final SlowWorker slowWorker;
    private final LossyTransport transport;
    private final Machine machine;
    private final List<Operation> enqueued = new ArrayList<>();
    private int left;
    private int prunings;
    private int steps;

    Simulation(long seed) {
        SplittableRandom root = new SplittableRandom(seed);
        this.scenario = Scenario.drawn(root.split());
        this.random = root.split();
        this.oracle = new Oracle(clock, events, scenario.maxAttempts());
        this.workload = new Workload(root.split(), scenario.lanes());
        this.slowWorker = new SlowWorker(root.split(), clock, oracle);
        this.transport = new LossyTransport(root.split(), scenario.network(), oracle, this::interfere);
        this.machine = new Machine(root.split(), scenario, clock, transport);
        this.left = scenario.operations();
    }

    /** What happened, as far as it went. */
    EventLog events() {
        return events;
    }

    /** Lives through every crash, then lets calm return. */
    void run() {
        for (int life = 1; life <= scenario.crashes(); life++) {
            machine.plagueNextLife();
            live(life);
        }
        machine.mend();
        transport.mend();
        liveInCalm();
    }

    private void live(int life) {
        events.add("life " + life);
        try {
            boot();
            for (int step = 0; step < STEPS_OF_A_LIFE; step++) {
                stepUnlessFull();
                oracle.check();
                if (machine.crashed()) {
                    throw new OutboxStoreException("the power is off");
                }
            }
            end();
        } catch (RuntimeException failure) {
            dieOf(failure);
        }
        oracle.check();
    }

    private void boot() {
        machine.boot();
        oracle.recovered(machine.store(), machine.unforcedMayBeLost());
        oracle.damageReported(machine.damages());
        machine.recovered();
        if (random.nextInt(4) == 0) {
            Map<String, Operation> before = Oracle.everythingIn(machine.store());
            machine.cutPower();
            machine.boot();
            oracle.recoveredAgain(before, machine.store());
            oracle.damageReported(machine.damages());
        }
        oracle.check();
    }

    private void end() {
        slowWorker.die();
        if (random.nextInt(3) == 0) {
            close();
        }
        if (random.nextBoolean()) {
            machine.kill();
        } else {
            machine.cutPower();
        }
    }

    /** The process died in the midst of something, or its disk failed and it can only be restarted. */
    private void dieOf(RuntimeException failure) {
        oracle.check();
        if (!machine.crashed()) {
            boolean mayFail = machine.diskFailed() || machine.diskMayBeFull();
            if (!mayFail || !(failure instanceof OutboxStoreException)) {
                throw failure;
            }
            events.add(machine.diskFailed() ? "disk failed" : "disk full");
            if (machine.isRunning()) {
                machine.ranOutOfRoom();
                expectRefusal();
            }
        }
        slowWorker.die();
        machine.stopAfterFailure();
    }

    // ---- what an application does

    private boolean mayPass(OutboxStoreException failure) {
        return failure.reason() == OutboxStoreException.Reason.MAY_PASS
                && machine.diskMayBeFull()
                && !machine.diskFailed()
                && !machine.crashed();
    }

    /** A full disk refuses what is new and holds up what it must, and harms nothing; one day there is room again. */
    private void stepUnlessFull() {
        try {
            step();
        } catch (OutboxStoreException full) {
            if (!machine.isRunning() || !mayPass(full)) {
                throw full;
            }
            events.add("disk full");
            if (random.nextInt(10) == 0) {
                machine.makeRoom();
            }
        }
    }

    private void step() {
        clock.move(random.nextInt(2_000));
        int choice = random.nextInt(100);
        if (choice < 30) {
            enqueue();
        } else if (choice < 62) {
            tick();
        } else if (choice < 68) {
            forceLog();
        } else if (choice < 74) {
            slowWorker.work(machine.store(), transport);
        } else if (choice < 79) {
            slowWorker.report(machine.store());
        } else {
            rareStep(choice);
        }
        tidyUpALittle();
        oracle.look(machine.store());
    }

    /** Every other step, so that the choice draws nothing. */
    private void tidyUpALittle() {
        steps++;
        if (steps % 2 == 0) {
            machine.tidyUpALittle();
        }
    }

    private void rareStep(int choice) {
        if (choice < 82) {
            enqueueSeveral();
        } else if (choice < 85) {
            enqueueAgain();
        } else if (choice < 88) {
            cancel();
        } else if (choice < 91) {
            replay();
        } else if (choice < 93) {
            prune();
        } else if (choice < 96) {
            clock.move(LEASE_MS + 1);
        } else if (choice < 98) {
            clock.move((random.nextBoolean() ? 1 : -1) * random.nextLong(DAY_MS));
        } else {
            reopen();
        }
    }

    private void enqueue() {
        if (left > 0) {
            left--;
            enqueueAll(List.of(workload.next(clock.millis())));
        }
    }

    private void enqueueSeveral() {
        List<Operation> several = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0 && left > 0; i--) {
            left--;
            several.add(workload.next(clock.millis()));
        }
        if (!several.isEmpty()) {
            enqueueAll(several);
        }
    }

    private void enqueueAll(List<Operation> operations) {
        operations.forEach(oracle::asked);
        enqueued.addAll(operations);
        hand(operations);
    }

    private void hand(List<Operation> operations) {
        try {
            if (operations.size() == 1) {
                machine.outbox().enqueue(operations.get(0), clock.millis());
            } else {
                machine.outbox().enqueueAll(operations, clock.millis());
            }
        } catch (RuntimeException failure) {
            operations.forEach(operation -> noteRefusal(operation.id(), failure));
            throw failure;
        }
        machine.requireSoundDisk(oracle);
        operations.forEach(operation -> oracle.acknowledged(operation.id()));
    }

    private void noteRefusal(String id, RuntimeException failure) {
        if (machine.crashed()) {
            oracle.inDoubt(id);
        } else if (failure instanceof OutboxStoreException full && mayPass(full)) {
            oracle.turnedAway(id);
        } else {
            oracle.refused(id);
        }
    }

    /** An application that is not sure enqueues the same operation once more. */
    private void enqueueAgain() {
        if (enqueued.isEmpty()) {
            return;
        }
        Operation again = enqueued.get(random.nextInt(enqueued.size()));
        if (oracle.isLost(again.id())) {
            oracle.asked(again);
            hand(List.of(again));
        } else if (!oracle.mayBePruned(again.id())) {
            machine.outbox().enqueue(again, clock.millis());
        }
    }

    /** After its disk has failed, an outbox acknowledges nothing more. */
    private void expectRefusal() {
        Operation refused = workload.next(clock.millis());
        oracle.asked(refused);
        try {
            machine.outbox().enqueue(refused, clock.millis());
            oracle.failed("S8", refused.id() + " was acknowledged after the disk had failed");
        } catch (OutboxStoreException expected) {
            oracle.refused(refused.id());
        }
        oracle.check();
    }

    private void tick() {
        machine.engine().tick(clock.millis());
    }

    private void forceLog() {
        machine.forceLog();
        events.add(machine.diskFailed() ? "force failed" : "forced");
        if (!machine.crashed() && !machine.diskFailed()) {
            oracle.everythingSeenIsDurable();
        }
    }

    private void cancel() {
        decide(operation -> operation.isPending() || operation.isFailed(), id -> {
            oracle.cancelAsked(id);
            machine.outbox().cancel(id, clock.millis());
            events.add("cancelled " + id);
        });
    }

    private void replay() {
        decide(Operation::isPermanentFailed, id -> {
            oracle.replayAsked(id);
            machine.outbox().replay(id, clock.millis());
            events.add("replayed " + id);
        });
    }

    /** A person decides on one of the operations for which that makes sense; what was decided is durable. */
    private void decide(Predicate<Operation> sensible, Consumer<String> decision) {
        List<Operation> candidates = Oracle.everythingIn(machine.store()).values().stream()
                .filter(sensible)
                .toList();
        if (!candidates.isEmpty()) {
            decision.accept(candidates.get(random.nextInt(candidates.size())).id());
            machine.requireSoundDisk(oracle);
            oracle.look(machine.store());
            oracle.everythingSeenIsDurable();
        }
    }

    /** In turns, so that the choice draws nothing and earlier seeds keep their meaning. */
    private void prune() {
        prunings++;
        if (prunings % 2 == 1) {
            oracle.pruneAsked(OperationStatus.DONE);
            machine.store().pruneDone(clock.millis());
        } else {
            oracle.pruneAsked(OperationStatus.PERMANENT_FAILED);
            forgetDeadLetters();
        }
    }

    private void forgetDeadLetters() {
        int forgotten = machine.store().pruneDeadLetters(clock.millis());
        if (forgotten > 0) {
            machine.requireSoundDisk(oracle);
            events.add("forgot " + forgotten + " dead letters");
        }
    }

    private void reopen() {
        close();
        boot();
    }

    private void close() {
        machine.close();
        if (!machine.diskFailed()) {
            oracle.everythingSeenIsDurable();
        }
        events.add("closed");
    }

    private void interfere(Operation operation) {
        if (random.nextBoolean()) {
            slowWorker.interfere(machine.store(), operation.id());
        }
    }

    // ---- calm

    private void liveInCalm() {
        events.add("calm");
        boot();
        long calmSinceMs = clock.latestMs();
        for (int round = 0; round < ROUNDS_OF_CALM && !oracle.isAllOver(); round++) {
            tick();
            oracle.check();
            clock.move(machine.restMs(clock.millis()));
        }
        oracle.allOver(machine.store());
        oracle.check();
        requireSameAfterReopening();
        events.add("over after " + (clock.millis() - calmSinceMs) + " ms of calm");
    }

    private void requireSameAfterReopening() {
        Map<String, Operation> before = new HashMap<>(Oracle.everythingIn(machine.store()));
        machine.tidyUp();
        machine.close();
        machine.boot();
        oracle.recoveredAgain(before, machine.store());
        oracle.check();
        machine.close();
    }
}
