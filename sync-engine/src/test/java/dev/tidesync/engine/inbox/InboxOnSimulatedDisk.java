package dev.tidesync.engine.inbox;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.spi.InboxResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** An inbox on a simulated disk, with a clock that a test sets. */
final class InboxOnSimulatedDisk implements AutoCloseable {
    static final long T0 = 1_700_000_000_000L;

    final SimulatedDisk disk;
    final AtomicLong nowMs = new AtomicLong(T0);
    FileInbox.Config.Builder config = FileInbox.Config.builder()
            .segmentBytes(4096)
            .retryBaseDelay(Duration.ofMillis(5))
            .clock(() -> Instant.ofEpochMilli(nowMs.get()));
    FileInbox inbox;

    InboxOnSimulatedDisk(long seed) {
        disk = new SimulatedDisk(seed);
        inbox = InboxOpening.open(config.build(), disk, () -> {});
    }

    void reopen() {
        inbox.close();
        reopenAfterCrash();
    }

    /** A new process takes over; the old one never closed its inbox. */
    void reopenAfterCrash() {
        inbox = InboxOpening.open(config.build(), disk, () -> {});
    }

    static Operation.Builder operation(String key, long createdAtMs) {
        return Operation.builder()
                .id("id-" + key)
                .kind("ws.send")
                .target("wss://example.com/orders")
                .payload("payload of " + key)
                .createdAtMs(createdAtMs)
                .idempotencyKey(key);
    }

    InboxResult accept(String origin, Operation.Builder operation) throws Exception {
        return inbox.accept(origin, operation.build()).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    InboxResult accept(String key) throws Exception {
        return accept("ada", operation(key, nowMs.get()));
    }

    @Override
    public void close() {
        inbox.close();
    }
}
