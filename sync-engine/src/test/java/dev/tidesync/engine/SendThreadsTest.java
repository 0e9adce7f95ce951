package dev.tidesync.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SendThreadsTest {
    private static final int TASKS = 5_000;

    @Test
    void tasksGivenWhileTheThreadsAreClosedAllRun() throws Exception {
        SendThreads threads = new SendThreads(TASKS, () -> {});
        AtomicInteger ran = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            while (!over.get()) {
                threads.close();
            }
        });
        closer.start();

        for (int i = 0; i < TASKS; i++) {
            threads.execute(ran::incrementAndGet);
        }

        over.set(true);
        closer.join();
        await().untilAsserted(() -> assertThat(ran).hasValue(TASKS));
        threads.close();
    }

    @Test
    void oneTaskTooManyIsRefusedByName() {
        SendThreads threads = new SendThreads(1, () -> {});
        CountDownLatch release = new CountDownLatch(1);
        threads.execute(() -> awaitQuietly(release));

        assertThatThrownBy(() -> threads.execute(() -> {}))
                .isInstanceOf(SendThreads.AllBusyException.class)
                .hasMessage("all 1 sending threads are busy");
        assertThat(threads.free()).isZero();

        release.countDown();
        await().until(() -> threads.free() == 1);
        threads.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new AssertionError(unexpected);
        }
    }
}
