package dev.tidesync.engine.inbox;

import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.T0;
import static dev.tidesync.engine.inbox.InboxOnSimulatedDisk.operation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxResult.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an inbox forgets, and what it says to operations that it may have forgotten. */
class InboxRetentionTest {
    private static final long DAY_MS = Duration.ofDays(1).toMillis();

    private final InboxOnSimulatedDisk inbox = new InboxOnSimulatedDisk(1);

    @AfterEach
    void close() {
        inbox.close();
    }

    private void acceptAndHandle(String origin, String key, long createdAtMs) throws Exception {
        assertThat(inbox.accept(origin, operation(key, createdAtMs)).outcome()).isEqualTo(Outcome.ACCEPTED);
        Inbox.Registration handler = inbox.inbox.onReceive("", received -> {});
        await().until(() -> inbox.inbox.status().waiting() == 0);
        handler.close();
    }

    private void daysPass(int days) {
        inbox.nowMs.addAndGet(days * DAY_MS);
        inbox.reopen(); // an inbox forgets when it is opened, and each hour
    }

    @Test
    void aKeyIsRememberedForThirtyDays() throws Exception {
        acceptAndHandle("ada", "a", T0);

        daysPass(30);

        assertThat(inbox.accept("ada", operation("a", T0)).outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(inbox.inbox.status().remembered()).isEqualTo(1);
    }

    @Test
    void aForgottenOperationIsRefusedRatherThanAppliedTwice() throws Exception {
        acceptAndHandle("ada", "a", T0);

        daysPass(31);

        assertThat(inbox.inbox.status().remembered()).isZero();
        assertThat(inbox.accept("ada", operation("a", T0)).outcome()).isEqualTo(Outcome.TOO_OLD);
        assertThat(inbox.accept("ada", operation("b", T0 + 1)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void theMarkOfOneOriginIsNoOthers() throws Exception {
        acceptAndHandle("ada", "a", T0);

        daysPass(31);

        assertThat(inbox.accept("bob", operation("a", T0)).outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void aTimeOrderedKeyTellsTheTimeWhereTheOperationDoesNot() throws Exception {
        String atT0 = "018bcfe5-6800-7abc-8def-000000000001"; // 0x018bcfe56800 is T0
        acceptAndHandle("ada", atT0, 0);

        daysPass(31);

        assertThat(inbox.accept("ada", operation(atT0, 0)).outcome()).isEqualTo(Outcome.TOO_OLD);
        assertThat(inbox.accept("ada", operation("018bcfe5-6801-7abc-8def-000000000001", 0))
                        .outcome())
                .isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void aSenderWhoseClockWasOnceFarAheadIsNotLockedOut() throws Exception {
        acceptAndHandle("ada", "a", T0 + 10_000 * DAY_MS);

        daysPass(31);

        assertThat(inbox.accept("ada").outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void whatWaitsIsNeverForgotten() throws Exception {
        inbox.accept("ada", operation("a", T0));

        daysPass(400);

        assertThat(inbox.inbox.status().waiting()).isEqualTo(1);
        assertThat(inbox.accept("ada", operation("a", T0)).outcome()).isEqualTo(Outcome.DUPLICATE);
    }
}
