package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.OutboxStoreException;
import dev.tidesync.spi.Settlement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class IndexSnapshotsTest {
    private static final String SNAPSHOT = SnapshotRun.SNAPSHOT;
    private static final String DRAFT = SNAPSHOT + ".tmp";
    private static final long T0 = OutboxWork.T0;
    private static final FileOutboxStore.Config CONFIG =
            FileOutboxStore.Config.builder().filePath(Path.of("outbox.json")).build();

    private StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);
    private OutboxWork work = new OutboxWork(simulated);

    @Test
    void aClosedStoreIsOpenedFromItsSnapshotAndReadsLittleOfItsLog() {
        work.fillAndFinishMost("a");
        Map<String, Operation> before = work.everything();
        simulated.store().close();
        simulated.disk().takeJournal();

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isTrue();
        assertThat(simulated.disk().takeJournal().stream().filter("read outbox-000001.log"::equals))
                .as("reads of the first file: its header")
                .hasSize(1);
        assertThat(work.everything()).isEqualTo(before);
    }

    @Test
    void anIndexFromASnapshotIsTheOneFromTheLog() {
        int compared = 0;
        Long only = Long.getLong("snapshot.seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? 60 : only); seed++) {
            simulated = new StoreOnSimulatedDisk(seed);
            work = new OutboxWork(simulated);
            compared += liveAtRandom(new Random(seed), "seed " + seed);
        }
        assertThat(compared).isGreaterThan(only == null ? 100 : 0);
    }

    /** How often there was a snapshot at the end of a life that the log had not left behind. */
    private int liveAtRandom(Random random, String name) {
        int compared = 0;
        for (int life = 0; life < 3; life++) {
            for (int step = 0; step < 30; step++) {
                stepAtRandom(random, life + "-" + step + "-");
            }
            simulated.store().close();
            SimulatedDisk bare = copy();
            bare.remove(SNAPSHOT);
            IndexLoading fromSnapshot = load(copy());
            IndexLoading fromLog = load(bare);
            assertThat(describe(fromSnapshot.index())).as(name).isEqualTo(describe(fromLog.index()));
            assertThat(fromSnapshot.index().liveBytes())
                    .as(name)
                    .isEqualTo(fromLog.index().liveBytes());
            assertThat(fromLog.mark()).as(name).isEmpty();
            compared += fromSnapshot.mark().isPresent() ? 1 : 0;
            simulated.reopenAfterCrash();
        }
        return compared;
    }

    private void stepAtRandom(Random random, String prefix) {
        work.pass(random.nextInt(50));
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                for (int i = random.nextInt(8); i > 0; i--) {
                    work.put(prefix + i, random.nextBoolean() ? "lane-" + random.nextInt(3) : "", random.nextInt(300));
                }
            }
            case 2, 3 -> settleAtRandom(random, work.claim(random.nextInt(6)));
            case 4 -> simulated.store().pruneDone(T0 + random.nextInt(2_000));
            case 5 -> simulated.timer().runTasks();
            case 6 -> simulated.tidyUpALittle();
            default -> decideAtRandom(random);
        }
    }

    private void settleAtRandom(Random random, List<Claim> claims) {
        for (Claim claim : claims) {
            switch (random.nextInt(6)) {
                case 0 -> simulated.store().settle(Settlement.failed(claim, "no answer", T0 + 5, T0 + 10));
                case 1 -> simulated.store().settle(Settlement.released(claim, "not now", T0 + 5, T0 + 5));
                case 2 -> simulated.store().settle(Settlement.permanentlyFailed(claim, "refused", T0 + 5));
                case 3 -> {} // stays in flight
                default ->
                    simulated.store().settle(Settlement.delivered(claim, T0 + 5).withAnswer("answer"));
            }
        }
    }

    private void decideAtRandom(Random random) {
        List<Operation> buried = simulated.store().page(OperationStatus.PERMANENT_FAILED, "", 5);
        if (!buried.isEmpty() && random.nextBoolean()) {
            simulated.store().replay(buried.get(0).id(), T0 + 7);
        } else if (!buried.isEmpty()) {
            simulated.store().pruneDeadLetters(T0 + random.nextInt(100));
        } else {
            simulated
                    .store()
                    .page(OperationStatus.PENDING, "", 1)
                    .forEach(operation -> simulated.store().cancel(operation.id(), T0 + 6));
        }
    }

    private SimulatedDisk copy() {
        SimulatedDisk copy = new SimulatedDisk(0);
        for (String file : simulated.disk().list()) {
            try {
                copy.replace(file, simulated.disk().content(file));
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
        return copy;
    }

    private static IndexLoading load(SimulatedDisk disk) {
        IndexLoading loading = new IndexLoading(new OpeningProgress("outbox", System::nanoTime));
        try {
            loading.load(new SnapshotFile(disk, CONFIG));
            Wal.open(disk, Wal.Config.builder().build(), loading.mark(), loading)
                    .close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return loading;
    }

    /**
     * All that is known of all operations, but for what only a running store goes by, such as tokens of claims, and in
     * which life one was claimed, which a log that has dropped its beginning may no longer tell.
     */
    private static List<String> describe(OutboxIndex index) {
        List<String> all = new ArrayList<>();
        for (FifoMerge entries = index.all(); entries.hasNext(); ) {
            Entry entry = entries.next();
            all.add(String.join(
                    " | ",
                    EntryState.of(entry).toString().replaceAll("#\\d+", ""),
                    entry.queue.key().toString(),
                    index.orderingKey(entry),
                    "bytes " + entry.intentBytes + " " + entry.errorBytes,
                    "seq " + entry.seq + " expires " + entry.expiresAtMs,
                    "due " + (entry.isWaiting() ? Math.max(entry.dueAtMs, entry.updatedAtMs) : 0) + " "
                            + entry.dueWasAsked + " " + entry.ambiguous,
                    "noted " + entry.notedReason,
                    "from " + (entry.isInFlight() ? entry.claimedFrom : ""),
                    "ready " + index.isClaimable(entry, T0 + 1_000_000, Long.MAX_VALUE)));
        }
        return all;
    }

    @Test
    void everyTruncationAndEveryBitFlipIsNoticed() throws IOException {
        work.fillAndFinishMost("a");
        simulated.store().close();
        byte[] whole = simulated.disk().content(SNAPSHOT);
        assertThat(isUsable(whole)).isTrue();

        for (int length = 0; length < whole.length; length++) {
            assertThat(isUsable(java.util.Arrays.copyOf(whole, length)))
                    .as("the first %d bytes", length)
                    .isFalse();
        }
        assertThat(isUsable(java.util.Arrays.copyOf(whole, whole.length + 1)))
                .as("a byte too many")
                .isFalse();
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThat(isUsable(flipped)).as("bit %d flipped", bit).isFalse();
        }
    }

    private static boolean isUsable(byte[] content) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(0);
        disk.replace(SNAPSHOT, content);
        try {
            SnapshotDecoder decoder = new SnapshotDecoder(new OutboxIndex());
            new SnapshotFile(disk, CONFIG).read(decoder::read, new OpeningProgress("outbox", () -> 0));
            return true;
        } catch (UnusableSnapshotException expected) {
            return String.valueOf(expected.getMessage()).isEmpty();
        }
    }

    @Test
    void aDamagedSnapshotIsAsGoodAsNoneAndIsMadeAnew() throws IOException {
        work.fillAndFinishMost("a");
        Map<String, Operation> before = work.everything();
        simulated.store().close();
        byte[] content = simulated.disk().content(SNAPSHOT);
        content[content.length / 2] ^= 1;
        simulated.disk().replace(SNAPSHOT, content);

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isFalse();
        assertThat(work.everything()).isEqualTo(before);
        simulated.closeAndReopen();
        assertThat(simulated.store().openedFromSnapshot()).isTrue();
        assertThat(work.everything()).isEqualTo(before);
    }

    @Test
    void snapshotsOfNewerVersionsAndWithFlagsAreLeftAlone() throws IOException {
        work.fillAndFinishMost("a");
        Map<String, Operation> before = work.everything();
        simulated.store().close();
        byte[] content = simulated.disk().content(SNAPSHOT);

        for (int at : new int[] {8, 10, 12, 15}) {
            simulated.disk().replace(SNAPSHOT, withChangedHead(content, at));
            simulated.reopenAfterCrash();
            assertThat(simulated.store().openedFromSnapshot()).as("byte %d", at).isFalse();
            assertThat(work.everything()).isEqualTo(before);
        }
    }

    /** With a checksum that is right, as a newer version would write it. */
    private static byte[] withChangedHead(byte[] content, int at) {
        byte[] changed = content.clone();
        changed[at]++;
        ByteBuffer head = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int length = head.getInt(16);
        CRC32C crc = new CRC32C();
        crc.update(changed, 0, length - 4);
        head.putInt(length - 4, (int) crc.getValue());
        return changed;
    }

    @Test
    void theSnapshotOfAnotherStoreIsLeftAlone() throws IOException {
        work.fillAndFinishMost("a");
        simulated.store().close();
        StoreOnSimulatedDisk other = new StoreOnSimulatedDisk(2);
        new OutboxWork(other).fillAndFinishMost("z");
        other.store().close();
        simulated.disk().replace(SNAPSHOT, other.disk().content(SNAPSHOT));

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isFalse();
        assertThat(work.everything()).containsKey("a0").doesNotContainKey("z0");
    }

    @Test
    void anOldSnapshotOfALogThatHasLeftItBehindIsLeftAlone() throws IOException {
        work.fillAndFinishMost("a");
        simulated.closeAndReopen();
        byte[] old = simulated.disk().content(SNAPSHOT);
        String oldest = simulated.files().get(simulated.files().size() - 2);
        for (int round = 0; round < 5; round++) {
            work.fillAndFinishMost("b" + round);
            simulated.tidyUp();
        }
        assertThat(simulated.files()).doesNotContain(oldest);
        Map<String, Operation> before = work.everything();
        simulated.store().close();
        simulated.disk().replace(SNAPSHOT, old);

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isFalse();
        assertThat(work.everything()).isEqualTo(before);
    }

    @Test
    void aFileThatIsGoneIsMissedAlthoughItLiesBeforeTheSnapshot() {
        work.fillAndFinishMost("a");
        simulated.store().close();
        simulated.disk().remove(simulated.files().get(0));

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isFalse();
        assertThat(simulated.store().recovery().damages()).isNotEmpty();
    }

    @Test
    void damageBeforeTheSnapshotIsNoticedWhenTheOperationIsReadAndHidesNoOther() throws IOException {
        work.put("damaged", "", 300);
        work.put("sound", "", 300);
        simulated.store().close();
        String file = simulated.files().get(0);
        byte[] content = simulated.disk().content(file);
        content[1_300] ^= 1;
        simulated.disk().replace(file, content);

        simulated.reopenAfterCrash();

        assertThat(simulated.store().openedFromSnapshot()).isTrue();
        assertThat(work.get("sound").id()).isEqualTo("sound");
        Assertions.assertThatThrownBy(() -> work.get("damaged"))
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("damaged");
        assertThat(simulated.store().counts()).containsEntry(OperationStatus.PENDING, 2L);
    }

    @Test
    void aStoreWhoseIndexBrokeWhileASnapshotWasMadeIsClosedAsAnyOther() {
        work.fillAndFinishMost("a");
        Map<String, Operation> before = work.everything();
        tidyUpUntilASnapshotIsBegun();
        Assertions.assertThatThrownBy(() -> simulated.store().renewLeases(new TooMuch(), T0))
                .isInstanceOf(OutboxStoreException.class);

        simulated.store().close();

        assertThat(simulated.disk().list()).doesNotContain(DRAFT);
        simulated.reopenAfterCrash();
        assertThat(work.everything()).isEqualTo(before);
    }

    private void tidyUpUntilASnapshotIsBegun() {
        while (!simulated.disk().list().contains(DRAFT)) {
            simulated.tidyUpALittle();
        }
    }

    /** Whoever looks into it has no memory left. */
    private static final class TooMuch extends AbstractCollection<Claim> {
        @Override
        public Iterator<Claim> iterator() {
            throw new OutOfMemoryError("as a test");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void whatTheIndexDoesNotKnowYetIsInTheSnapshot() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread thisThread = Thread.currentThread();
        simulated.store().onReady(() -> {
            if (Thread.currentThread() != thisThread) {
                stopped.countDown();
                awaitQuietly(goOn);
            }
        });
        List<CompletionStage<Void>> answers = new ArrayList<>();
        while (stopped.getCount() > 0) { // one that is durable at once is published by this thread
            answers.add(simulated.store().putAsync(work.operation("op-" + answers.size(), "", 10)));
            stopped.await(1, TimeUnit.SECONDS);
        }
        for (int i = 0; i < 40; i++) {
            answers.add(simulated.store().putAsync(work.operation("late-" + i, "lane", 100)));
        }
        simulated.store().settle(Settlement.delivered(work.claim(1).get(0), T0)); // forced in a moment, with all before
        simulated.timer().runTasks();

        for (int step = 0; step < 50 && !simulated.disk().list().contains(SNAPSHOT); step++) {
            simulated.tidyUpALittle();
        }

        SimulatedDisk disk = copy();
        goOn.countDown();
        for (CompletionStage<Void> answer : answers) {
            answer.toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        IndexLoading loading = load(disk);
        assertThat(loading.mark()).isPresent();
        assertThat(loading.index().size()).isEqualTo(answers.size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let the log's thread go on");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aDiskWithoutRoomForASnapshotHurtsNobody() {
        work.fillAndFinishMost("a");
        simulated.timer().runTasks();
        Map<String, Operation> before = work.everything();
        simulated.disk().freeBytes(300);

        simulated.tidyUpALittle();

        assertThat(simulated.disk().list()).doesNotContain(SNAPSHOT, SNAPSHOT + ".tmp");
        simulated.disk().freeBytes(Long.MAX_VALUE);
        work.put("another", "", 10);
        simulated.closeAndReopen();
        assertThat(work.everything()).containsAllEntriesOf(before).containsKey("another");
    }

    @Test
    void whatIsLeftOfASnapshotThatWasNeverCompletedIsDeleted() {
        work.fillAndFinishMost("a");
        simulated.disk().replace(SNAPSHOT + ".tmp", new byte[100]);

        simulated.reopenAfterCrash();

        assertThat(simulated.disk().list()).doesNotContain(SNAPSHOT + ".tmp");
    }

    @Test
    void aStoreThatChangedLittleWritesNoOther() throws IOException {
        simulated = new StoreOnSimulatedDisk(1, settings -> settings.segmentBytes(64 * 1024));
        work = new OutboxWork(simulated);
        work.fillAndFinishMost("a");
        simulated.closeAndReopen();
        byte[] before = simulated.disk().content(SNAPSHOT);

        simulated.closeAndReopen();

        assertThat(simulated.disk().content(SNAPSHOT)).isEqualTo(before);
        assertThat(simulated.store().openedFromSnapshot()).isTrue();
    }

    @Test
    void closingTellsOfAForceThatFailsForTheSnapshot() {
        work.fillAndFinishMost("a");
        simulated.timer().runTasks();
        work.deliver(1);
        simulated.disk().failForces(1);

        Assertions.assertThatThrownBy(() -> simulated.store().close())
                .isInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("takes no more changes");

        assertThat(simulated.disk().list()).doesNotContain(SNAPSHOT);
        Assertions.assertThatThrownBy(() -> work.put("another", "", 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void aStoreWhoseLogFailedBeforeIsClosedWithoutASnapshot() {
        work.fillAndFinishMost("a");
        simulated.disk().failForces(1);
        Assertions.assertThatThrownBy(() -> work.put("refused", "", 10)).isInstanceOf(OutboxStoreException.class);

        simulated.store().close();

        assertThat(simulated.disk().list()).doesNotContain(SNAPSHOT);
        simulated.reopenAfterCrash();
        assertThat(work.everything()).containsKey("a0");
    }
}
