package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.LogInspection;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.SimulatedDisk.Survival;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * A store whose power is cut while a snapshot of its index is made or read, and whose files are then tampered with: the
 * answer is empty if it holds afterwards exactly what its log says, and goes by the snapshot where it may, or else says
 * what was wrong.
 */
public final class SnapshotRun implements LongFunction<String> {
    static final String SNAPSHOT = "outbox.index";

    private static final List<Survival> SURVIVALS =
            List.of(Survival.NOTHING, Survival.EVERYTHING, Survival.ANYTHING, Survival.ANYTHING);

    /** It may have been enqueued or not. */
    private static final String IN_DOUBT = "in doubt";

    private static final int OPERATIONS_OF_A_RECOVERY = 16;
    private static final long NEVER = Long.MAX_VALUE / 2;

    private final List<String> problems = new ArrayList<>();
    private StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(0);
    private OutboxWork work = new OutboxWork(simulated);

    /** Needed to make one in another class loader. */
    public SnapshotRun() {}

    /** Cuts the power at the n-th operation of the disk, n being a fourth of the seed. */
    @Override
    public String apply(long seed) {
        try {
            prepare(seed);
            cutThePower(1 + seed / SURVIVALS.size(), SURVIVALS.get((int) (seed % SURVIVALS.size())), seed);
            changeWhileOneIsMade(new Random(seed));
            bringBackAnOldLog();
            damageOne(new Random(seed));
        } catch (RuntimeException | IOException | AssertionError failure) {
            problems.add(failure.toString());
        }
        String answer = problems.isEmpty() ? "" : "seed " + seed + ": " + String.join("; ", problems);
        problems.clear();
        return answer;
    }

    /** How many operations of the disk it takes to make one and to close, if nothing disturbs that. */
    long operationsOfASnapshot() {
        prepare(0);
        long start = simulated.disk().operations();
        makeOneAndClose(NEVER);
        return simulated.disk().operations() - start;
    }

    /** Work, all of which is forced, with a snapshot in its midst. */
    private void prepare(long seed) {
        simulated = new StoreOnSimulatedDisk(seed);
        work = new OutboxWork(simulated);
        work.fillAndFinishMost("a");
        simulated.tidyUp();
        work.fillAndFinishMost("b");
        simulated.timer().runTasks();
    }

    private void cutThePower(long crashAfter, Survival survival, long seed) throws IOException {
        Map<String, Operation> before = work.everything();
        List<String> readyBefore = work.ready();
        Set<String> owners = new HashSet<>(List.of(simulated.store().defaultOwner()));
        makeOneAndClose(crashAfter);
        simulated.disk().crash();
        simulated.disk().restart(survival);
        requireWhole();
        simulated.disk().crashAfter(1 + seed % OPERATIONS_OF_A_RECOVERY);
        try {
            simulated.reopenAfterCrash();
        } catch (SimulatedDisk.Crash expected) {
            require(simulated.disk().operations() > 0, "operations before " + expected, "some", 0);
        }
        simulated.disk().crash();
        simulated.disk().restart(survival);
        long mark = requireWhole();
        simulated.reopenAfterCrash();
        boolean usable = mark >= firstOffset();
        require(simulated.store().openedFromSnapshot() == usable, "opened from a snapshot", usable, !usable);
        requireSame("after a power cut", before);
        require(owners.add(simulated.store().defaultOwner()), "name of this life", "another", owners);
        List<String> ready = new ArrayList<>(work.ready());
        ready.remove(IN_DOUBT);
        require(ready.equals(readyBefore), "order after a power cut", readyBefore, ready);
    }

    private void makeOneAndClose(long crashAfter) {
        simulated.disk().crashAfter(crashAfter);
        try {
            simulated.tidyUp();
            work.put(IN_DOUBT, "", 400);
            simulated.store().close();
        } catch (SimulatedDisk.Crash expected) {
            require(simulated.disk().operations() > 0, "operations before " + expected, "some", 0);
        }
    }

    private long firstOffset() throws IOException {
        try (LogInspection log = LogInspection.of(simulated.disk(), "outbox")) {
            return log.segments().get(0).firstOffset();
        }
    }

    /** One that is there is whole, since it was forced before it got its name. Returns its mark, or -1. */
    private long requireWhole() throws IOException {
        if (simulated.disk().list().contains(SNAPSHOT)) {
            FileOutboxStore.Config config = FileOutboxStore.Config.builder()
                    .filePath(Path.of("outbox.json"))
                    .build();
            try {
                return new SnapshotFile(simulated.disk(), config)
                        .read(block -> {}, new OpeningProgress("outbox", () -> 0))
                        .mark()
                        .offset();
            } catch (UnusableSnapshotException torn) {
                problems.add("a snapshot after a power cut: " + torn.getMessage());
            }
        }
        return -1;
    }

    /** Much changes between the first and the last step, and nothing of that is forced. */
    private void changeWhileOneIsMade(Random random) {
        work.fillAndFinishMost("c");
        for (int i = 0; i < 20; i++) {
            work.put("waiting " + i, "", 10);
        }
        for (int step = 0; step < 10 && !isUnderWay(); step++) {
            simulated.tidyUpALittle();
        }
        work.claim(1 + random.nextInt(30));
        if (random.nextBoolean()) {
            simulated.store().pruneDone(Long.MAX_VALUE / 2);
        }
        while (isUnderWay()) {
            simulated.tidyUpALittle();
        }
        simulated.disk().syncDirectory();
        simulated.disk().crash();
        simulated.disk().restart(Survival.NOTHING);
        Map<String, byte[]> log = contents();
        simulated.reopenAfterCrash();
        Map<String, Operation> fromSnapshot = work.everything();
        replaceAll(log);
        simulated.reopenAfterCrash();
        requireSame("after changes that were not forced", fromSnapshot);
    }

    private void replaceAll(Map<String, byte[]> files) {
        simulated.disk().list().forEach(simulated.disk()::remove);
        files.forEach(simulated.disk()::replace);
    }

    private boolean isUnderWay() {
        return simulated.disk().list().contains(SNAPSHOT + ".tmp");
    }

    /** The snapshot then knows more than the log, so that it is to be left alone. */
    private void bringBackAnOldLog() throws IOException {
        simulated.closeAndReopen();
        work.put("kept", "", 100);
        Map<String, byte[]> files = contents();
        Map<String, Operation> before = work.everything();
        for (int i = 0; i < 3; i++) {
            work.put("undone " + i, "", 200);
        }
        simulated.store().close();
        byte[] snapshot = simulated.disk().content(SNAPSHOT);
        replaceAll(files);
        simulated.disk().replace(SNAPSHOT, snapshot);
        simulated.reopenAfterCrash();
        requireSame("after an old log was brought back", before);
    }

    private Map<String, byte[]> contents() {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (String file : simulated.files()) {
            try {
                contents.put(file, simulated.disk().content(file));
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
        return contents;
    }

    private void damageOne(Random random) throws IOException {
        work.fillAndFinishMost("d");
        simulated.closeAndReopen();
        Map<String, Operation> before = work.everything();
        simulated.store().close();
        byte[] content = simulated.disk().content(SNAPSHOT);
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        simulated.disk().replace(SNAPSHOT, content);
        simulated.reopenAfterCrash();
        requireSame("after the snapshot was damaged", before);
        simulated.closeAndReopen();
        require(simulated.store().openedFromSnapshot(), "made anew", true, false);
    }

    private void requireSame(String when, Map<String, Operation> before) {
        require(simulated.store().recovery().damages().isEmpty(), "damage " + when, "none", "some");
        Map<String, Operation> now = work.everything();
        now.remove(IN_DOUBT);
        before.remove(IN_DOUBT);
        require(now.equals(before), "operations " + when, before, now);
    }

    private void require(boolean holds, String what, Object expected, Object was) {
        if (!holds) {
            problems.add(what + ": expected " + expected + " but was " + was);
        }
    }
}
