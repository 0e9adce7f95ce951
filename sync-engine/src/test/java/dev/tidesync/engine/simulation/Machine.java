package dev.tidesync.engine.simulation;

import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.ThreadlessStore;
import dev.tidesync.engine.wal.Damage;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.OutboxStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A computer: a disk that outlives everything, and one process at a time with an outbox and an engine. */
final class Machine {
    private static final int DISK_OPERATIONS_OF_A_LIFE = 160;
    private static final int DISK_OPERATIONS_OF_A_RECOVERY = 12;
    private static final int MOST_FREE_BYTES = 64 * 1024;
    private static final long UNTIL_NEXT_LOOK_MS = 1_000;

    private final RandomGenerator random;
    private final Scenario scenario;
    private final SimulatedClock clock;
    private final LossyTransport transport;
    private final FaultyDisk disk;
    private @Nullable Life process;
    private boolean mended;
    private boolean unforcedMayBeLost;

    /** What dies with the process. */
    private record Life(ThreadlessStore files, Outbox outbox, SyncEngine engine) {
        OutboxStore store() {
            return files.store();
        }
    }

    Machine(RandomGenerator random, Scenario scenario, SimulatedClock clock, LossyTransport transport) {
        this.random = random;
        this.scenario = scenario;
        this.clock = clock;
        this.transport = transport;
        this.disk = new FaultyDisk(new Random(random.nextLong()));
    }

    /** In its next life something will go wrong: in the midst of work, or already while it recovers. */
    void plagueNextLife() {
        disk.failForces(scenario.failedForces());
        disk.failWrites(scenario.fullDisks());
        disk.limitTo(scenario.smallDisks() && random.nextBoolean() ? random.nextInt(MOST_FREE_BYTES) : Long.MAX_VALUE);
        if (random.nextInt(4) > 0) {
            boolean soon = random.nextInt(4) == 0;
            disk.crashAfter(1 + random.nextInt(soon ? DISK_OPERATIONS_OF_A_RECOVERY : DISK_OPERATIONS_OF_A_LIFE));
        }
    }

    /** From now on nothing goes wrong, and every kind of operation has its transport. */
    void mend() {
        disk.failForces(0);
        disk.failWrites(0);
        disk.limitTo(Long.MAX_VALUE);
        mended = true;
    }

    /** Starts the process; {@link #unforcedMayBeLost} stays as it is until {@link #recovered}. */
    void boot() {
        disk.forgetFailures();
        ThreadlessStore files = ThreadlessStore.open(
                disk,
                clock,
                scenario.segmentBytes(),
                scenario.encrypted() ? Optional.of(new byte[32]) : Optional.empty());
        Outbox outbox = new Outbox(
                files.store(),
                Outbox.Config.builder()
                        .clock(clock)
                        .retry(RetryPolicy.builder()
                                .maxAttempts(scenario.maxAttempts())
                                .build())
                        .build());
        SyncEngine engine = new SyncEngine(
                outbox,
                new NetworkProbe(transport::online),
                TransportRegistry.of(transports()),
                SyncEngine.Config.builder().build());
        process = new Life(files, outbox, engine);
    }

    private Map<String, ISyncTransport> transports() {
        Map<String, ISyncTransport> transports = new HashMap<>(Map.of("sim.", transport));
        if (mended) {
            transports.put("late.", transport);
        }
        return transports;
    }

    /** Whether a power cut, or a disk that dropped data, came since the last recovery. */
    boolean unforcedMayBeLost() {
        return unforcedMayBeLost;
    }

    /** What the last recovery showed is durable. */
    void recovered() {
        unforcedMayBeLost = false;
    }

    /** The process ends in good order; after the disk has failed, that forces nothing more. */
    void close() {
        Life closing = running();
        process = null;
        closing.engine().close();
        closing.store().close();
        unforcedMayBeLost |= disk.hasFailed();
    }

    /** The process dies; the disk's cache lives on. */
    void kill() {
        process = null;
        disk.restart();
    }

    /** The power fails. */
    void cutPower() {
        process = null;
        unforcedMayBeLost = true;
        disk.cutPower();
    }

    /** Whether the disk may be full. */
    boolean diskMayBeFull() {
        return disk.mayBeFull();
    }

    /** Somebody makes room. */
    void makeRoom() {
        disk.limitTo(Long.MAX_VALUE);
    }

    /** Not even the reserve was enough, so that what was logged last may be gone. */
    void ranOutOfRoom() {
        unforcedMayBeLost = true;
    }

    /** After a crash or a failure of the disk: the process is gone, and perhaps the power with it. */
    void stopAfterFailure() {
        unforcedMayBeLost |= disk.hasFailed();
        if (random.nextBoolean()) {
            kill();
        } else {
            cutPower();
        }
    }

    boolean isRunning() {
        return process != null;
    }

    /** Whether the process died by a crash. */
    boolean crashed() {
        return disk.isOff();
    }

    /** Whether the disk has failed in this life of the process. */
    boolean diskFailed() {
        return disk.hasFailed();
    }

    /** A call just returned that promised durability; with a failed disk it should not have. */
    void requireSoundDisk(Oracle oracle) {
        if (disk.hasFailed()) {
            oracle.failed("S8", "a durable change was acknowledged after the disk had failed");
        }
    }

    /** What the store's timer does in a running process. */
    void forceLog() {
        running().files().letPromisedDelayPass();
    }

    /** What the store does by itself to its files in a running process, a step of it. */
    void tidyUpALittle() {
        running().files().tidyUpALittle();
    }

    /** All of it, until there is nothing left to do. */
    void tidyUp() {
        running().files().tidyUp();
    }

    /** How long nothing will happen. */
    long restMs(long nowMs) {
        long next = running().store().nextDueAtMs(nowMs).orElse(nowMs + UNTIL_NEXT_LOOK_MS);
        return Math.max(1, next - nowMs);
    }

    /** What the last recovery called damage. */
    List<Damage> damages() {
        return running().files().store().recovery().damages();
    }

    OutboxStore store() {
        return running().store();
    }

    Outbox outbox() {
        return running().outbox();
    }

    SyncEngine engine() {
        return running().engine();
    }

    private Life running() {
        if (process == null) {
            throw new IllegalStateException("no process is running");
        }
        return process;
    }
}
