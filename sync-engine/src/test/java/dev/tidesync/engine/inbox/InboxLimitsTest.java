package dev.tidesync.engine.inbox;

import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.T0;
import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tidesync.spi.InboxResult;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an inbox turns away, and what it does when its disk fails. */
class InboxLimitsTest {
    private final InboxOnSimulatedDisk inbox = new InboxOnSimulatedDisk(1);

    @AfterEach
    void close() {
        inbox.close();
    }

    @Test
    void aFullInboxTellsSendersToWaitAndGoesOnWhenThereIsRoom() throws Exception {
        inbox.config = inbox.config.maxWaiting(2);
        inbox.reopen();
        inbox.accept("a");
        inbox.accept("b");

        InboxResult third = inbox.accept("c");

        assertThat(third.outcome()).isEqualTo(Outcome.BUSY);
        assertThat(third.retryAfter()).isPositive();
        assertThat(third.reason()).contains("2");
        inbox.inbox.onReceive("", received -> {});
        await().until(() -> inbox.inbox.status().waiting() == 0);
        assertThat(inbox.accept("c").outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void theBytesThatWaitAreLimited() throws Exception {
        inbox.config = inbox.config.maxWaitingBytes(1000);
        inbox.reopen();

        assertThat(inbox.accept("ada", operation("a", T0).payload(new byte[800]))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(inbox.accept("ada", operation("b", T0).payload(new byte[201]))
                        .outcome())
                .isEqualTo(Outcome.BUSY);
        assertThat(inbox.accept("ada", operation("c", T0).payload(new byte[200]))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
        assertThat(inbox.inbox.status().waitingBytes()).isEqualTo(1000);
    }

    @Test
    void anOperationOverTheLimitsIsRefusedForGood() throws Exception {
        InboxResult refused = inbox.accept("ada", operation("a", T0).payload(new byte[(16 << 20) + 1]));

        assertThat(refused.outcome()).isEqualTo(Outcome.INVALID);
        assertThat(refused.reason()).contains("payload must have at most");
    }

    @Test
    void conflictsAreCounted() throws Exception {
        inbox.accept("ada", operation("a", T0));
        inbox.accept("ada", operation("a", T0).payload("other"));

        assertThat(inbox.inbox.status().conflicts()).isEqualTo(1);
    }

    @Test
    void nothingIsAcknowledgedOnceAForceHasFailed() throws Exception {
        inbox.disk.failForces(1);

        assertThatThrownBy(() -> inbox.accept("a"))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OutboxStoreException.class);
        assertThatThrownBy(() -> inbox.accept("b")).hasCauseInstanceOf(OutboxStoreException.class);
        inbox.reopen();
        assertThat(inbox.accept("b").acknowledged()).isTrue();
    }

    @Test
    void aClosedInboxTakesNothing() throws Exception {
        inbox.accept("a");
        inbox.inbox.close();

        assertThat(inbox.accept("b").outcome()).isEqualTo(Outcome.BUSY);
        assertThat(inbox.accept("a").outcome()).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    void handlersThatHangHoldUpNobodyWhileAThreadIsFree() throws Exception {
        inbox.config = inbox.config.handlerThreads(3);
        inbox.reopen();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(20);
        inbox.inbox.onReceive("", received -> {
            if (received.operation().idempotencyKey().startsWith("hangs")) {
                release.await();
            }
            done.countDown();
        });
        List<CompletableFuture<InboxResult>> answers = new ArrayList<>();
        for (String key : List.of("hangs-1", "hangs-2")) {
            inbox.accept(key);
        }
        for (int i = 0; i < 20; i++) {
            answers.add(inbox.inbox
                    .accept("ada", operation("good-" + i, T0).build())
                    .toCompletableFuture());
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).allMatch(CompletableFuture::isDone);
        release.countDown();
    }
}
