package dev.tidesync.engine.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.simulation.ReliabilityLedger;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.OutboxStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power of a real file system under a store in use, over and over, and checks what the store had said. Only
 * what was acknowledged before the cut began counts: a force that is under way during it may return as if it had been
 * done. {@code -Dpower.cuts=N} sets how often, {@code -Dpower.seed=N} repeats a run's choices.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class RealPowerCutIT {
    private static final int CUTS = Integer.getInteger("power.cuts", 12);
    private static final int CONTROL_CUTS = 5;
    private static final long SEED = Long.getLong("power.seed", System.nanoTime());
    private static final int WRITERS = 3;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final List<String> enqueued = new ArrayList<>();
    private final List<String> buried = new ArrayList<>();
    private @Nullable LoopDisk disk;

    @AfterEach
    void unmount() throws IOException {
        if (disk != null) {
            disk.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void whatWasAcknowledgedIsThereAfterEveryPowerCut(String fileSystem) throws Exception {
        LoopDisk made = LoopDisk.make(directory, fileSystem);
        disk = made;
        ReliabilityLedger.note("power cuts on " + fileSystem, Map.of("cuts", (long) CUTS), () -> cutOverAndOver(made));
    }

    private int cutOverAndOver(LoopDisk made) throws Exception {
        for (int cut = 1; cut <= CUTS; cut++) {
            writeUntilPowerCut(made, cut, true);
            assertNothingLost(made, cut);
        }
        assertThat(enqueued).hasSizeGreaterThan(CUTS);
        return enqueued.size();
    }

    /** Proves that the cut is one: a store told not to force the disk has to be caught. */
    @Test
    void aStoreThatDoesNotForceTheDiskIsCaught() throws Exception {
        disk = LoopDisk.make(directory, "ext4");
        int caught = 0;
        for (int cut = 1; cut <= CONTROL_CUTS; cut++) {
            writeUntilPowerCut(disk, cut, false);
            try (FileOutboxStore store = open(disk, true)) {
                caught += lost(store).isEmpty() ? 0 : 1;
            }
            enqueued.clear();
            buried.clear();
        }
        assertThat(caught).isEqualTo(CONTROL_CUTS);
    }

    private void writeUntilPowerCut(LoopDisk disk, int cut, boolean force) throws InterruptedException {
        Queue<String> nowEnqueued = new ConcurrentLinkedQueue<>();
        Queue<String> nowBuried = new ConcurrentLinkedQueue<>();
        FileOutboxStore store = open(disk, force);
        CountDownLatch enough = new CountDownLatch(20 + random.nextInt(300));
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            String prefix = "cut" + cut + "-" + writer + "-";
            Thread thread = new Thread(() -> write(store, prefix, nowEnqueued, nowBuried, enough));
            thread.start();
            writers.add(thread);
        }
        enough.await();
        enqueued.addAll(List.copyOf(nowEnqueued));
        buried.addAll(List.copyOf(nowBuried));
        disk.cutPower();
        for (Thread writer : writers) {
            writer.join();
        }
        closeDead(store);
        disk.restorePower();
    }

    private static FileOutboxStore open(LoopDisk disk, boolean force) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(disk.root().resolve("data/outbox.json"))
                .segmentBytes(64 * 1024)
                .fsyncOnWrite(force)
                .build());
    }

    /** Whole lives of operations, until the disk is gone. */
    private static void write(
            FileOutboxStore store, String prefix, Queue<String> enqueued, Queue<String> buried, CountDownLatch enough) {
        try {
            for (int i = 0; ; i++) {
                String id = prefix + i;
                store.put(Operation.builder()
                        .id(id)
                        .kind("test.write")
                        .target("/" + i % 7)
                        .payload(CrashingProcess.payloadOf(id))
                        .build());
                enqueued.add(id);
                enough.countDown();
                finish(store, id, i, buried);
            }
        } catch (OutboxStoreException powerCut) {
            while (enough.getCount() > 0) { // the test must not wait for writers that are gone
                enough.countDown();
            }
        }
    }

    private static void finish(FileOutboxStore store, String id, int i, Queue<String> buried) {
        long nowMs = InstantSource.system().millis();
        if (i % 3 == 0 && store.claim(id, "test", nowMs)) {
            store.markDone(id, nowMs);
        } else if (i % 5 == 0 && store.claim(id, "test", nowMs)) {
            store.markPermanentFailed(id, "refused", nowMs);
            buried.add(id);
        }
    }

    /** The cut shows itself to the writers, to a last snapshot, or to the closing of the log. */
    private static void closeDead(FileOutboxStore store) {
        try {
            store.close();
        } catch (OutboxStoreException expected) {
            assertThat(expected.getMessage()).containsAnyOf("could not be closed cleanly", "takes no more changes");
        }
    }

    private void assertNothingLost(LoopDisk disk, int cut) {
        try (FileOutboxStore store = open(disk, true)) {
            assertThat(store.recovery().damages()).as("damage; seed %d", SEED).isEmpty();
            assertThat(lost(store)).as("lost by cut %d of seed %d", cut, SEED).isEmpty();
        }
    }

    private List<String> lost(FileOutboxStore store) {
        Stream<String> gone = enqueued.stream()
                .filter(id -> store.get(id).filter(kept -> isIntact(kept, id)).isEmpty());
        Stream<String> unburied = buried.stream()
                .filter(id -> store.get(id).filter(Operation::isPermanentFailed).isEmpty())
                .map(id -> id + ", no longer buried");
        return Stream.concat(gone, unburied).toList();
    }

    private static boolean isIntact(Operation kept, String id) {
        return Arrays.equals(kept.payload(), CrashingProcess.payloadOf(id));
    }
}
