package dev.tidesync.engine.inbox;

import dev.tidesync.spi.InboxResult;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An answer that is given once the log is durable up to an offset.
 *
 * @param offset the record that must be durable
 * @param bytes how much memory the record takes until then
 * @param fresh what is then to be handled; empty for a duplicate
 */
record Arrival(
        long offset, int bytes, InboxResult result, Optional<Waiting> fresh, CompletableFuture<InboxResult> answer) {
    void answerNow() {
        answer.complete(result);
    }
}
