package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.SimulatedDisk;
import java.nio.file.Path;

/** A store on a simulated disk, with a timer that runs when a test says so. */
final class StoreOnSimulatedDisk {
    /** Small, so that a short test fills several. */
    private static final int SEGMENT_BYTES = 4096;

    private final SimulatedDisk disk;
    private ManualTimer timer = new ManualTimer();
    private FileOutboxStore store;
    private boolean fresh = true;

    StoreOnSimulatedDisk(long seed) {
        disk = new SimulatedDisk(seed);
        store = open();
    }

    private FileOutboxStore open() {
        timer = new ManualTimer();
        FileOutboxStore.Config config = FileOutboxStore.Config.builder()
                .filePath(Path.of("outbox.json"))
                .segmentBytes(SEGMENT_BYTES)
                .build();
        return StoreOpening.open(config, disk, timer, () -> {});
    }

    /** The store as it is at first; after that, opened again. */
    FileOutboxStore reopenIfClosed() {
        if (!fresh) {
            store = open();
        }
        fresh = false;
        return store;
    }

    FileOutboxStore store() {
        return store;
    }

    ManualTimer timer() {
        return timer;
    }

    SimulatedDisk disk() {
        return disk;
    }

    void closeAndReopen() {
        store.close();
        store = open();
    }

    /** A new process takes over; the old one never closed its store. */
    void reopenAfterCrash() {
        store = open();
    }

    /** The power fails: what was not forced may be lost, kept or torn. */
    void crashAndReopen() {
        disk.crash();
        disk.restart(SimulatedDisk.Survival.ANYTHING);
        reopenAfterCrash();
    }
}
