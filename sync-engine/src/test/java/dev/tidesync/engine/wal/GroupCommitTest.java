package dev.tidesync.engine.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final int THREADS = 16;
    private static final int RECORDS_EACH = 100;

    private final SimulatedDisk disk = new SimulatedDisk(1);

    @Test
    void oneForceServesManyThreadsAndEveryRecordIsThere() throws Exception {
        Wal wal = open();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        long forcesBefore = disk.forces();

        inThreads(thread -> {
            for (int i = 0; i < RECORDS_EACH; i++) {
                // All append before anybody waits, so that one group has to serve them.
                long offset = wal.writer().append(record(thread, i));
                together.await();
                wal.writer().awaitDurable(offset);
                together.await();
            }
        });

        assertThat(disk.forces() - forcesBefore).isLessThanOrEqualTo(2L * RECORDS_EACH);
        disk.crash();
        disk.restart(SimulatedDisk.Survival.NOTHING);
        assertThat(WalBench.replay(open())).containsExactlyInAnyOrderElementsOf(everyRecord());
    }

    @Test
    void recordsOfOneThreadKeepTheirOrder() throws Exception {
        Wal wal = open();

        inThreads(thread -> {
            for (int i = 0; i < RECORDS_EACH; i++) {
                wal.append(record(thread, i));
            }
        });

        List<WalRecord> replayed = WalBench.replay(wal);
        assertThat(replayed).hasSize(THREADS * RECORDS_EACH);
        for (int thread = 0; thread < THREADS; thread++) {
            String id = "thread-" + thread;
            assertThat(replayed.stream()
                            .map(WalRecord.Noted.class::cast)
                            .filter(note -> note.id().equals(id)))
                    .extracting(WalRecord.Noted::atMs)
                    .isSorted();
        }
    }

    @Test
    void afterAFailedForceNoThreadIsToldThatItsRecordIsDurable() throws Exception {
        Wal wal = open();
        ConcurrentLinkedQueue<WalRecord> acknowledged = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();

        inThreads(thread -> {
            for (int i = 0; i < RECORDS_EACH; i++) {
                if (thread == 0 && i == RECORDS_EACH / 2) {
                    disk.failForces(1);
                }
                try {
                    wal.append(record(thread, i));
                    acknowledged.add(record(thread, i));
                } catch (IOException failure) {
                    failures.add(failure);
                }
            }
        });

        assertThat(failures).hasSizeGreaterThanOrEqualTo(RECORDS_EACH / 2);
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure).hasMessageContaining("can no longer be written"));
        disk.crash();
        disk.restart(SimulatedDisk.Survival.NOTHING);
        assertThat(WalBench.replay(open())).containsAll(acknowledged);
    }

    @Test
    void anInterruptedThreadStillGetsItsRecordOntoTheDisk() throws IOException {
        Wal wal = open();
        Thread.currentThread().interrupt();

        wal.append(record(0, 0));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(WalBench.replay(wal)).containsExactly(record(0, 0));
    }

    @Test
    void interruptedThreadsWaitForEachOther() throws Exception {
        Wal wal = open();

        inThreads(thread -> {
            for (int i = 0; i < RECORDS_EACH; i++) {
                Thread.currentThread().interrupt();
                long offset = wal.append(record(thread, i));
                assertThat(wal.writer().durableOffset()).isGreaterThan(offset);
                assertThat(Thread.interrupted()).isTrue();
            }
        });

        assertThat(WalBench.replay(wal)).containsExactlyInAnyOrderElementsOf(everyRecord());
    }

    @Test
    void whoDoesNotWaitIsToldWhenEachRecordIsDurable() throws Exception {
        Wal wal = open();
        long forcesBefore = disk.forces();
        ConcurrentLinkedQueue<Integer> told = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> answers = new ArrayList<>();

        for (int i = 0; i < RECORDS_EACH; i++) {
            int number = i;
            long offset = wal.writer().append(record(0, i));
            answers.add(wal.writer()
                    .whenDurable(offset)
                    .thenRun(() -> {
                        assertThat(wal.writer().durableOffset()).isGreaterThan(offset);
                        told.add(number);
                    })
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);

        assertThat(List.copyOf(told)).hasSize(RECORDS_EACH).isSorted();
        assertThat(disk.forces() - forcesBefore).isBetween(1L, (long) RECORDS_EACH);
        disk.crash();
        disk.restart(SimulatedDisk.Survival.NOTHING);
        assertThat(WalBench.replay(open())).hasSize(RECORDS_EACH);
    }

    @Test
    void aWaitingThreadServesThoseThatDoNotWaitToo() throws Exception {
        Wal wal = open();
        CompletableFuture<Void> early =
                wal.writer().whenDurable(wal.writer().append(record(0, 0))).toCompletableFuture();
        wal.append(record(0, 1));

        early.get(30, TimeUnit.SECONDS);
        CompletionStage<Void> late = wal.writer().whenDurable(wal.writer().endOffset() - 1);
        assertThat(late.toCompletableFuture()).isCompleted();
    }

    @Test
    void whoDoesNotWaitIsToldOfAFailedForce() throws Exception {
        Wal wal = open();
        disk.failForces(1);
        long offset = wal.writer().append(record(0, 0));

        assertThatThrownBy(() ->
                        wal.writer().whenDurable(offset).toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasMessageContaining("can no longer be written");
        assertThatThrownBy(() -> wal.writer().whenDurable(offset)).hasMessageContaining("can no longer be written");
    }

    @Test
    void closingKeepsWhatWasNotWaitedFor() throws Exception {
        Wal wal = open();
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        for (int i = 0; i < RECORDS_EACH; i++) {
            answers.add(
                    wal.writer().whenDurable(wal.writer().append(record(0, i))).toCompletableFuture());
        }

        wal.close();

        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(30, TimeUnit.SECONDS));
        assertThat(WalBench.replay(open())).hasSize(RECORDS_EACH);
        assertThatThrownBy(() -> wal.writer().append(record(0, 0))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRecordThatWasNotAppendedCannotBeWaitedFor() throws IOException {
        Wal wal = open();

        assertThatThrownBy(() -> wal.writer().whenDurable(wal.writer().endOffset()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWaitsToBeWrittenDoesNotGrowWithoutBound() throws IOException {
        Wal wal = Wal.open(disk, Wal.Config.builder().build());
        WalRecord large = new WalRecord.Noted("large", 0, "x".repeat(8 * 1024 * 1024));
        disk.takeJournal();

        for (int i = 0; i < 6; i++) {
            wal.writer().append(large);
        }

        assertThat(disk.takeJournal()).contains("write outbox-000001.log");
    }

    private Wal open() throws IOException {
        return Wal.open(disk, Wal.Config.builder().segmentBytes(64 * 1024).build());
    }

    private static WalRecord record(int thread, int number) {
        return new WalRecord.Noted("thread-" + thread, number, "");
    }

    private static List<WalRecord> everyRecord() {
        List<WalRecord> records = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            for (int i = 0; i < RECORDS_EACH; i++) {
                records.add(record(thread, i));
            }
        }
        return records;
    }

    /** What one of the threads does. */
    @FunctionalInterface
    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void inThreads(Work work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                tasks.add(() -> {
                    work.run(thread);
                    return true;
                });
            }
            for (Future<Boolean> done : pool.invokeAll(tasks, 50, TimeUnit.SECONDS)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
