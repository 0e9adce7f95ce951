package dev.tidesync.engine.crash;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.outbox.RetryPolicy;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * Enqueues and delivers at once, says what it did on standard output, and never stops by itself: it waits to be killed.
 * With a third argument it keeps few of the delivered operations, in small segments.
 */
final class CrashingProcess {
    private static final int ENQUEUING_THREADS = 2;

    /** A few operations fill one. */
    static final int SMALL_SEGMENT_BYTES = 16 * 1024;

    private static final int FEW = 50;
    private static final int MANY = 10_000_000;

    private CrashingProcess() {}

    public static void main(String[] args) {
        Path outboxFile = Path.of(args[0]);
        String life = args[1];
        boolean tidying = args.length > 2;
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(
                new PrintStream( // what is logged is not what is said
                        new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        FileOutboxStore store = FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(outboxFile)
                .segmentBytes(tidying ? SMALL_SEGMENT_BYTES : 256 * 1024)
                .retainDoneCount(tidying ? FEW : MANY)
                .build());
        Outbox outbox =
                new Outbox(store, Outbox.Config.builder().retry(quickRetries()).build());
        SyncEngine engine = new SyncEngine(
                outbox,
                new NetworkProbe(() -> true),
                TransportRegistry.of("test.", operation -> send(operation, out)),
                SyncEngine.Config.builder().workerCount(2).build());
        engine.start();
        for (int thread = 0; thread < ENQUEUING_THREADS; thread++) {
            String prefix = life + "-" + thread + "-";
            new Thread(() -> enqueueForEver(outbox, prefix, out)).start();
        }
    }

    private static RetryPolicy quickRetries() {
        return RetryPolicy.builder()
                .maxAttempts(1_000)
                .baseDelay(Duration.ofMillis(1))
                .maxDelay(Duration.ofMillis(10))
                .build();
    }

    private static void enqueueForEver(Outbox outbox, String prefix, PrintStream out) {
        for (int i = 0; ; i++) {
            String id = prefix + i;
            outbox.enqueue(Operation.builder()
                    .id(id)
                    .kind("test.send")
                    .target("somewhere")
                    .payload(payloadOf(id))
                    .orderingKey(i % 3 == 0 ? "lane-" + i % 6 : "")
                    .build());
            out.println("ACK " + id);
        }
    }

    private static SendResult send(Operation operation, PrintStream out) {
        out.println("SEND " + operation.id());
        return switch (Math.floorMod(operation.id().hashCode() + operation.attempt(), 8)) {
            case 0 -> SendResult.retryable("refused for once");
            case 1 -> throw new IllegalStateException("a transport that throws");
            default -> {
                out.println("DELIVERED " + operation.id());
                yield SendResult.delivered();
            }
        };
    }

    /** The payload that belongs to an id: up to 3,000 bytes of anything, never all zero. */
    static byte[] payloadOf(String id) {
        Random random = new Random(id.hashCode());
        byte[] payload = new byte[1 + random.nextInt(3_000)];
        random.nextBytes(payload);
        payload[0] |= 1;
        return payload;
    }
}
