package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.Settlement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The log gives back the room of what is finished, and changes nothing that can be seen. */
class CompactionTest {
    private static final long T0 = OutboxWork.T0;
    private static final long SEGMENT_BYTES = 4096;

    private StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);
    private OutboxWork work = new OutboxWork(simulated);

    private void startAgain(long seed, UnaryOperator<FileOutboxStore.Config.Builder> settings) {
        simulated = new StoreOnSimulatedDisk(seed, settings);
        work = new OutboxWork(simulated);
    }

    private FileOutboxStore store() {
        return simulated.store();
    }

    @Test
    void filesInWhichNothingCountsAreDeletedAtOnce() {
        for (int i = 0; i < 100; i++) {
            work.put("op-" + i, "", 200);
        }
        work.deliver(100);
        store().pruneDone(T0);
        assertThat(simulated.files()).hasSizeGreaterThan(5);

        simulated.tidyUp();

        assertThat(simulated.files()).hasSize(1);
        simulated.closeAndReopen();
        assertThat(work.everything()).isEmpty();
        assertThat(store().recovery().damages()).isEmpty();
    }

    @Test
    void filesInWhichAllCountsAreLeftAlone() {
        for (int i = 0; i < 100; i++) {
            work.put("op-" + i, "", 200);
        }
        List<String> before = simulated.files();

        simulated.tidyUp();

        assertThat(simulated.files()).isEqualTo(before);
    }

    @Test
    void whatIsLeftInOldFilesIsMovedAndStaysWhatItIs() {
        String oldest = simulated.files().get(0);
        work.fillAndFinishMost("a");
        work.fillAndFinishMost("b");
        Map<String, Operation> before = work.everything();
        List<String> orderBefore = work.ready();

        simulated.tidyUp();

        assertThat(simulated.files()).doesNotContain(oldest);
        assertThat(work.everything()).isEqualTo(before).hasSize(11);
        assertThat(work.ready()).isEqualTo(orderBefore).isNotEmpty();
        simulated.crashAndReopen();
        assertThat(work.everything()).isEqualTo(before);
        assertThat(work.ready()).isEqualTo(orderBefore);
        assertThat(store().recovery().damages()).isEmpty();
    }

    @Test
    void aClaimOutlivesTheMoveOfItsOperation() {
        work.put("claimed", "", 10);
        Claim claim = work.claim(1).get(0);
        String oldest = simulated.files().get(0);
        work.fillAndFinishMost("a");

        simulated.tidyUp();

        assertThat(simulated.files()).doesNotContain(oldest);
        assertThat(work.get("claimed").status()).isEqualTo(OperationStatus.IN_FLIGHT);
        assertThat(store().settle(Settlement.released(claim, "not now", T0, T0)))
                .isTrue();
        assertThat(work.get("claimed").status()).isEqualTo(OperationStatus.PENDING);
    }

    @Test
    void anAbandonedClaimIsFoundAfterItsOperationWasMoved() {
        work.put("claimed", "", 10);
        work.claim(1);
        work.fillAndFinishMost("a");
        simulated.tidyUp();

        simulated.crashAndReopen();

        assertThat(work.get("claimed").status()).isEqualTo(OperationStatus.IN_FLIGHT);
        store().reclaimAbandoned("me", T0);
        assertThat(work.get("claimed").status()).isEqualTo(OperationStatus.FAILED);
        assertThat(work.get("claimed").attempt()).isEqualTo(1);
    }

    @Test
    void noLifeHasTheNameOfAnotherEvenIfTheRecordOfItsOpeningWasDropped() {
        List<String> owners = new ArrayList<>();
        for (int life = 1; life <= 5; life++) {
            owners.add(store().defaultOwner());
            work.fillAndFinishMost("life-" + life + "-");
            simulated.tidyUp();
            simulated.crashAndReopen();
        }
        assertThat(owners).doesNotHaveDuplicates();
        assertThat(store().defaultOwner()).endsWith("#6");
    }

    @Test
    void anOperationThatTheIndexDoesNotKnowYetIsNotDropped() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch stopped = stopTheLogsThread(goOn);
        work.put("claimed over and over", "", 10);
        List<CompletionStage<Void>> answers = new ArrayList<>();
        while (stopped.getCount() > 0) { // one that is durable at once is published by this thread
            answers.add(store().putAsync(work.operation("op-" + answers.size(), "", 10)));
            stopped.await(1, TimeUnit.SECONDS);
        }
        answers.add(store().putAsync(work.operation("not yet published", "", 10)));
        String oldest = simulated.files().get(0);
        for (int i = 0; i < 100; i++) { // fills files, and enqueues nothing: that would publish what is durable
            Claim claim = work.claim(1).get(0);
            store().settle(Settlement.released(claim, "x".repeat(100), T0, T0));
            simulated.timer().runTasks();
        }

        for (int i = 0; i < 100; i++) {
            simulated.tidyUpALittle();
        }

        assertThat(simulated.files()).contains(oldest).hasSizeGreaterThan(3);
        goOn.countDown();
        for (CompletionStage<Void> answer : answers) {
            answer.toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        simulated.tidyUp();
        assertThat(simulated.files()).doesNotContain(oldest);
        simulated.crashAndReopen();
        assertThat(work.everything()).containsKeys("not yet published", "op-0").hasSize(answers.size() + 1);
    }

    /** It stops when it has published something, and told so. */
    private CountDownLatch stopTheLogsThread(CountDownLatch goOn) {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread thisThread = Thread.currentThread();
        store().onReady(() -> {
            if (Thread.currentThread() != thisThread) {
                stopped.countDown();
                await(goOn);
            }
        });
        return stopped;
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let the log's thread go on");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aFullDiskEndsCompactionAndReadingGoesOn() {
        work.fillAndFinishMost("a");
        work.fillAndFinishMost("b");
        Map<String, Operation> before = work.everything();
        simulated.disk().freeBytes(100);

        simulated.tidyUp();

        assertThat(work.everything()).isEqualTo(before);
        simulated.disk().freeBytes(Long.MAX_VALUE);
        simulated.reopenAfterCrash();
        simulated.tidyUp();
        assertThat(work.everything()).isEqualTo(before);
    }

    @Test
    void aDamagedLogKeepsItsFiles() throws IOException {
        work.fillAndFinishMost("a");
        store().close();
        simulated.disk().remove("outbox.index");
        List<String> before = simulated.files();
        byte[] content = simulated.disk().content(before.get(0));
        content[2_000] ^= 1;
        simulated.disk().replace(before.get(0), content);
        simulated.reopenAfterCrash();
        assertThat(store().recovery().damages()).isNotEmpty();

        simulated.tidyUp();

        assertThat(simulated.files()).containsAll(before);
    }

    @Test
    void almostEmptyFilesOfManyShortLivesBecomeFew() {
        startAgain(1, settings -> settings.segmentBytes(1 << 20));
        for (int life = 0; life < 60; life++) {
            work.put("op-" + life, "", 10);
            simulated.closeAndReopen();
        }
        Map<String, Operation> before = work.everything();

        simulated.tidyUp();

        assertThat(simulated.files()).hasSizeLessThan(40);
        assertThat(work.everything()).isEqualTo(before).hasSize(60);
    }

    @Test
    void diskInUseIsAtMostTwiceWhatCountsAndTwoSegments() {
        for (long seed = 1; seed <= 20; seed++) {
            startAgain(seed, settings -> settings);
            Random random = new Random(seed);
            for (int round = 0; round < 8; round++) {
                workAtRandom(random, "round-" + round + "-");
                simulated.tidyUp();
                assertThat(simulated.diskBytes())
                        .as("seed %d, round %d", seed, round)
                        .isLessThanOrEqualTo(2 * (store().liveBytes() + SEGMENT_BYTES));
            }
        }
    }

    private void workAtRandom(Random random, String prefix) {
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            work.put(prefix + i, "", random.nextInt(10) == 0 ? 5_000 : random.nextInt(400));
        }
        List<Claim> claims = new ArrayList<>(work.claim(random.nextInt(100)));
        claims.removeIf(claim -> random.nextInt(4) == 0);
        store().settleAll(
                        claims.stream().map(claim -> settlement(random, claim)).toList());
        if (random.nextBoolean()) {
            store().pruneDone(T0);
        }
        if (random.nextInt(3) == 0) {
            simulated.closeAndReopen();
            store().reclaimAbandoned("me", T0);
        }
    }

    private static Settlement settlement(Random random, Claim claim) {
        return switch (random.nextInt(6)) {
            case 0 -> Settlement.failed(claim, "no answer", T0, T0);
            case 1 -> Settlement.released(claim, "not now", T0, T0);
            case 2 -> Settlement.permanentlyFailed(claim, "rejected", T0);
            default -> Settlement.delivered(claim, T0);
        };
    }

    @Test
    void diskInUseStaysCloseToWhatCountsWhereOperationsFinishInOrder() {
        long segment = 64 * 1024;
        startAgain(1, settings -> settings.segmentBytes(segment).retainDoneCount(500));
        for (int i = 0; i < 4_000; i++) {
            work.put("op-" + i, "", 500);
            work.pass(1);
            if (i >= 1_500 && i % 25 == 0) {
                work.deliver(25);
                simulated.timer().runTasks();
                simulated.tidyUp();
                assertThat(simulated.diskBytes())
                        .as("after %d operations", i)
                        .isLessThanOrEqualTo(store().liveBytes() * 5 / 4 + segment);
            }
        }
        assertThat(store().counts().get(OperationStatus.DONE)).isBetween(500L, 525L);
    }
}
