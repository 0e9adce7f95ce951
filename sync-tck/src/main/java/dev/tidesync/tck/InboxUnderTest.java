package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.Inbox;
import dev.tidesync.spi.InboxResult;
import dev.tidesync.spi.InboxResult.Outcome;
import dev.tidesync.spi.ReceivedOperation;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** The inbox that the rules run against, and the words that they are written in. */
interface InboxUnderTest {
    /** How long an answer or a handler may take. */
    long PATIENCE_SECONDS = 20;

    /** The open inbox. */
    Inbox inbox();

    /** Closes the inbox and opens it again on the same data, without handlers. */
    Inbox reopen();

    default Operation.Builder operation(String key) {
        return Operation.builder()
                .id("id-" + key)
                .kind("ws.send")
                .target("wss://example.com/orders")
                .payload("payload of " + key)
                .createdAtMs(1_700_000_000_000L)
                .idempotencyKey(key);
    }

    default Outcome accept(String origin, Operation.Builder operation) throws Exception {
        return result(origin, operation).outcome();
    }

    default InboxResult result(String origin, Operation.Builder operation) throws Exception {
        return inbox().accept(origin, operation.build()).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The key of what was handled next. */
    default String next(BlockingQueue<ReceivedOperation> handled) throws InterruptedException {
        ReceivedOperation next = handled.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("the next operation that is handled").isNotNull();
        return next.operation().idempotencyKey();
    }
}
