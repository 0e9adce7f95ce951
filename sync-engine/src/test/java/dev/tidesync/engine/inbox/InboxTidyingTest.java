package dev.tidesync.engine.inbox;

import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.T0;
import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An inbox gives the room of its log free and forgets nothing by it, also if the power fails in the midst of it. */
class InboxTidyingTest {
    private static final long SEED = Long.getLong("inbox.seed", System.nanoTime());
    private static final int HANDLED = 40;

    /** An inbox with many handled operations, and three in a lane that wait. */
    private static InboxOnSimulatedDisk used() throws Exception {
        InboxOnSimulatedDisk inbox = new InboxOnSimulatedDisk(SEED);
        waitInLane(inbox, "lane-1", "lane-2");
        Inbox.Registration handler = inbox.inbox.onReceive("ws.", received -> {});
        for (int i = 0; i < HANDLED; i++) {
            inbox.accept("ada", operation("key-" + i, T0).payload(new byte[1500]));
        }
        await().until(() -> inbox.inbox.status().waiting() == 2);
        handler.close();
        waitInLane(inbox, "lane-3");
        return inbox;
    }

    private static void waitInLane(InboxOnSimulatedDisk inbox, String... keys) throws Exception {
        for (String key : keys) {
            inbox.accept("ada", operation(key, T0).kind("later.do").orderingKey("lane"));
        }
    }

    private static long segments(InboxOnSimulatedDisk inbox) {
        return inbox.disk.list().stream().filter(name -> name.endsWith(".log")).count();
    }

    private static void assertNothingForgotten(InboxOnSimulatedDisk inbox) throws Exception {
        for (int i = 0; i < HANDLED; i++) {
            assertThat(inbox.accept("ada", operation("key-" + i, T0).payload(new byte[1500]))
                            .outcome())
                    .as("key-%d, seed %d", i, SEED)
                    .isEqualTo(Outcome.DUPLICATE);
        }
        assertThat(inbox.accept("ada", operation("key-7", T0).payload("other")).outcome())
                .isEqualTo(Outcome.CONFLICT);
        List<String> handled = Collections.synchronizedList(new ArrayList<>());
        inbox.inbox.onReceive("", received -> handled.add(received.operation().idempotencyKey()));
        await().until(() -> inbox.inbox.status().waiting() == 0);
        assertThat(handled).as("seed %d", SEED).containsExactly("lane-1", "lane-2", "lane-3");
    }

    @Test
    void roomIsGivenFreeAndNothingIsForgotten() throws Exception {
        try (InboxOnSimulatedDisk inbox = used()) {
            long before = segments(inbox);

            inbox.inbox.tidy();

            assertThat(before).isGreaterThan(10);
            assertThat(segments(inbox)).isLessThan(before / 2);
            inbox.reopen();
            assertNothingForgotten(inbox);
        }
    }

    @Test
    void tidyingIsDoneOnlyWhenItIsWorthwhile() throws Exception {
        try (InboxOnSimulatedDisk inbox = used()) {
            inbox.inbox.tidy();
            long after = segments(inbox);

            inbox.inbox.tidy();

            assertThat(segments(inbox)).isEqualTo(after);
        }
    }

    @Test
    void theMarkOfWhatWasForgottenStays() throws Exception {
        try (InboxOnSimulatedDisk inbox = used()) {
            inbox.nowMs.addAndGet(Duration.ofDays(31).toMillis());
            inbox.reopen();

            inbox.inbox.tidy();
            inbox.reopen();

            assertThat(inbox.inbox.status().remembered()).isEqualTo(3);
            assertThat(inbox.accept("ada", operation("key-7", T0)).outcome()).isEqualTo(Outcome.TOO_OLD);
        }
    }

    @Test
    void aPowerCutAnywhereInTheMidstOfItForgetsNothing() throws Exception {
        List<Integer> cuts = IntStream.iterate(1, n -> n + 1)
                .takeWhile(InboxTidyingTest::isCutAt)
                .boxed()
                .toList();

        assertThat(cuts).as("power cuts").hasSizeGreaterThan(10);
    }

    /** False if tidying was over before the power went. */
    private static boolean isCutAt(int operation) {
        try {
            InboxOnSimulatedDisk inbox = used();
            inbox.disk.crashAfter(operation);
            boolean cut = !tidied(inbox);
            if (cut) {
                inbox.disk.restart(SimulatedDisk.Survival.ANYTHING);
                inbox.reopenAfterCrash();
                assertNothingForgotten(inbox);
                inbox.close();
            }
            return cut;
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** False if the power went, on whichever thread. */
    private static boolean tidied(InboxOnSimulatedDisk inbox) {
        try {
            inbox.inbox.tidy();
            return !inbox.disk.list().isEmpty();
        } catch (SimulatedDisk.Crash cut) {
            return false;
        }
    }
}
