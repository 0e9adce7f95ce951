package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.SimulatedDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A store on a simulated disk, with a timer that runs when a test says so. */
final class StoreOnSimulatedDisk {
    /** Small, so that a short test fills several. */
    static final int SEGMENT_BYTES = 4096;

    /** The times of these tests are long over. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final SimulatedDisk disk;
    private final UnaryOperator<FileOutboxStore.Config.Builder> settings;
    private ManualTimer timer = new ManualTimer();
    private ManualTimer upkeep = new ManualTimer();
    private FileOutboxStore store;
    private boolean fresh = true;

    StoreOnSimulatedDisk(long seed) {
        this(seed, settings -> settings);
    }

    StoreOnSimulatedDisk(long seed, UnaryOperator<FileOutboxStore.Config.Builder> settings) {
        this.disk = new SimulatedDisk(seed);
        this.settings = settings;
        this.store = open();
    }

    private FileOutboxStore open() {
        timer = new ManualTimer();
        upkeep = new ManualTimer();
        FileOutboxStore.Config config = settings.apply(FileOutboxStore.Config.builder()
                        .filePath(Path.of("outbox.json"))
                        .segmentBytes(SEGMENT_BYTES)
                        .retainDoneFor(FOR_EVER))
                .build();
        return StoreOpening.open(config, disk, new StoreParts.Timers(timer, upkeep), () -> {});
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

    /** The files of the log, oldest first. */
    List<String> files() {
        return disk.list().stream()
                .filter(file -> file.endsWith(".log"))
                .sorted()
                .toList();
    }

    /** How much room they take. */
    long diskBytes() {
        long bytes = 0;
        for (String file : files()) {
            try {
                bytes += disk.content(file).length;
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
        return bytes;
    }

    ManualTimer upkeep() {
        return upkeep;
    }

    /** Forgets and gives room free until there is nothing more to do. */
    void tidyUp() {
        upkeep.runUntilQuiet();
    }

    /** Does a little of what {@link #tidyUp} does. */
    void tidyUpALittle() {
        upkeep.runTasks();
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
