package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.spi.ReceivedOperation;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When handlers run. */
interface InboxHandlingRules extends InboxUnderTest {
    @Test
    @DisplayName("7 A handler gets the operation as it was sent, and from whom")
    default void aHandlerGetsTheOperationAsItWasSent() throws Exception {
        BlockingQueue<ReceivedOperation> handled = new LinkedBlockingQueue<>();
        inbox().onReceive("ws.", handled::add);

        accept("ada", operation("a").header("X-Trace", "7").payload(new byte[] {0, -1}));

        ReceivedOperation received = handled.take();
        assertThat(received.origin()).isEqualTo("ada");
        assertThat(received.failures()).isZero();
        assertThat(received.operation()
                        .sameIntent(operation("a")
                                .header("X-Trace", "7")
                                .payload(new byte[] {0, -1})
                                .build()))
                .isTrue();
    }

    @Test
    @DisplayName("8 What came before its handler waits for it, also over a reopening")
    default void whatCameBeforeItsHandlerWaitsForIt() throws Exception {
        accept("ada", operation("a"));
        reopen();
        accept("ada", operation("b"));
        BlockingQueue<ReceivedOperation> handled = new LinkedBlockingQueue<>();

        inbox().onReceive("", handled::add);

        assertThat(List.of(next(handled), next(handled))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    @DisplayName("9 A handler that has returned does not run again, also after a reopening")
    default void aHandlerThatHasReturnedDoesNotRunAgain() throws Exception {
        BlockingQueue<ReceivedOperation> handled = new LinkedBlockingQueue<>();
        inbox().onReceive("ws.", handled::add);
        accept("ada", operation("a"));
        assertThat(next(handled)).isEqualTo("a");

        accept("ada", operation("a"));
        reopen().onReceive("ws.", handled::add);
        accept("ada", operation("b"));

        assertThat(next(handled)).isEqualTo("b");
        assertThat(handled).isEmpty();
    }

    @Test
    @DisplayName("10 A handler that throws runs again, and others go on meanwhile")
    default void aHandlerThatThrowsRunsAgain() throws Exception {
        BlockingQueue<ReceivedOperation> handled = new LinkedBlockingQueue<>();
        CountDownLatch mended = new CountDownLatch(1);
        inbox().onReceive("ws.", received -> {
            if (received.operation().idempotencyKey().equals("bad") && mended.getCount() > 0) {
                throw new IOException("the database is away");
            }
            handled.add(received);
        });

        accept("ada", operation("bad"));
        accept("ada", operation("good"));
        assertThat(next(handled)).isEqualTo("good");
        mended.countDown();

        assertThat(next(handled)).isEqualTo("bad");
    }

    @Test
    @DisplayName("11 A lane keeps its order although its first operation fails")
    default void aLaneKeepsItsOrder() throws Exception {
        BlockingQueue<ReceivedOperation> handled = new LinkedBlockingQueue<>();
        inbox().onReceive("ws.", received -> {
            if (received.operation().idempotencyKey().equals("1") && received.failures() < 2) {
                throw new IOException("not yet");
            }
            handled.add(received);
        });

        for (String key : List.of("1", "2", "3")) {
            accept("ada", operation(key).orderingKey("lane"));
        }
        accept("ada", operation("free"));

        assertThat(List.of(next(handled), next(handled), next(handled), next(handled)))
                .containsSubsequence("1", "2", "3")
                .contains("free");
    }

    @Test
    @DisplayName("12 The longest prefix has the operation, and a prefix has one handler")
    default void theLongestPrefixHasTheOperation() throws Exception {
        BlockingQueue<ReceivedOperation> requests = new LinkedBlockingQueue<>();
        BlockingQueue<ReceivedOperation> others = new LinkedBlockingQueue<>();
        inbox().onReceive("ws.", others::add);
        inbox().onReceive("ws.request", requests::add);

        accept("ada", operation("a").kind("ws.request"));
        accept("ada", operation("b").kind("ws.send"));

        assertThat(next(requests)).isEqualTo("a");
        assertThat(next(others)).isEqualTo("b");
        assertThatThrownBy(() -> inbox().onReceive("ws.", others::add))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ws.");
    }

    @Test
    @DisplayName("13 Once a handler is taken away, operations wait for the next one")
    default void onceAHandlerIsTakenAwayOperationsWait() throws Exception {
        BlockingQueue<ReceivedOperation> first = new LinkedBlockingQueue<>();
        BlockingQueue<ReceivedOperation> second = new LinkedBlockingQueue<>();
        inbox().onReceive("ws.", first::add).close();
        accept("ada", operation("a"));

        inbox().onReceive("ws.", second::add);

        assertThat(next(second)).isEqualTo("a");
        assertThat(first).isEmpty();
    }
}
