package dev.tidesync.engine.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.NetworkProbe;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.OutboxStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The defects of the C++ original that only show on the whole path from outbox to disk and back. Each of the others has
 * its test where the part at fault is tested:
 *
 * <table>
 * <caption>Defect and test</caption>
 * <tr><td>attempt never grows in the store</td><td>here; engine.SeedDefectsTest, store.StoreDefectsTest</td></tr>
 * <tr><td>exhausted retries become a hot loop; bad operations starve good ones</td><td>engine.SeedDefectsTest</td></tr>
 * <tr><td>fsync_on_write is never honoured</td><td>store.StoreDefectsTest; simulation</td></tr>
 * <tr><td>ids and keys repeat in the next run</td><td>engine.SeedDefectsTest, outbox.OperationIdsTest</td></tr>
 * <tr><td>not FIFO</td><td>engine.SeedDefectsTest, store.StoreDefectsTest, the store contract's StoreOrderRules</td></tr>
 * <tr><td>truncate, then rewrite in place</td><td>store.StoreDefectsTest, crash.CrashLoopIT</td></tr>
 * <tr><td>log not connected, no checksum, offsets restart, damaged length</td><td>wal.WalCorruptionTest,
 * wal.WalDamageSweepTest, wal.WalTest</td></tr>
 * <tr><td>jitter and base delay never used, delay overflows</td><td>engine.SeedDefectsTest, outbox.RetryPolicyTest</td></tr>
 * <tr><td>workers run one after another, stop blocks</td><td>engine.SeedDefectsTest, engine.BackgroundDeliveryTest</td></tr>
 * <tr><td>two processes on one file</td><td>store.StoreLockIT</td></tr>
 * <tr><td>binary payload destroys the store</td><td>here; store.StoreDefectsTest</td></tr>
 * <tr><td>full disk acknowledged, unreadable file taken for an empty outbox</td><td>here; store.StoreDefectsTest</td></tr>
 * <tr><td>a failed put stays in memory</td><td>store.StoreDefectsTest; simulation</td></tr>
 * <tr><td>a transport that throws ends the engine</td><td>engine.SeedDefectsTest, engine.HostileTransportTest</td></tr>
 * <tr><td>offlineSleep and probe times never used</td><td>engine.SeedDefectsTest, engine.NetworkProbeTest</td></tr>
 * <tr><td>idleSleep 0 takes a core</td><td>engine.SeedDefectsTest</td></tr>
 * <tr><td>steady clock persisted</td><td>here; store.VixImportIT, engine.ClockJumpTest</td></tr>
 * <tr><td>time frozen within a tick</td><td>engine.SeedDefectsTest</td></tr>
 * <tr><td>no fencing</td><td>engine.SeedDefectsTest, store.StoreDefectsTest; simulation</td></tr>
 * <tr><td>claim ignores the state</td><td>the store contract's StoreClaimRules</td></tr>
 * <tr><td>enqueue overwrites</td><td>here; engine.OutboxTest</td></tr>
 * <tr><td>limit 0 returns one, status 9 is sent</td><td>the store contract's StoreOrderRules, store.VixImportIT</td></tr>
 * <tr><td>never pruned</td><td>here; the store contract's StoreHistoryRules</td></tr>
 * </table>
 */
class SeedDefectsIT {
    private static final long T0 = 1_800_000_000_000L;
    private static final long MINUTE_MS = 60_000;
    private static final long YEAR_MS = 365 * 24 * 60 * MINUTE_MS;

    @TempDir
    Path directory;

    private final List<Operation> sent = new ArrayList<>();

    @Test
    void attemptsAreCountedAcrossRestartsUntilTheyAreUsedUp() {
        String id = enqueue(Operation.of("test.send", "somewhere", "x"), T0);

        for (int life = 1; life <= 8; life++) {
            tick(operation -> SendResult.retryable("no"), T0 + life * MINUTE_MS);
            assertThat(stored(id).attempt()).isEqualTo(life);
        }

        assertThat(stored(id).status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
    }

    @Test
    void payloadOfAllByteValuesArrivesAfterARestart() {
        byte[] payload = new byte[256];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        String other = enqueue(Operation.of("test.send", "somewhere", "an earlier one"), T0);
        String id = enqueue(Operation.of("test.send", "somewhere", payload), T0);

        tick(operation -> SendResult.delivered(), T0);

        assertThat(sent).extracting(Operation::id).containsExactly(other, id);
        assertThat(sent.get(1).payload()).isEqualTo(payload);
    }

    @Test
    void logThatCannotBeReadIsAnErrorAndIsNotOverwritten() throws Exception {
        String id = enqueue(Operation.of("test.send", "somewhere", "x"), T0);
        Path log = firstSegment();
        Path aside = directory.resolve("aside");
        Files.move(log, aside);
        Files.createDirectory(log);

        assertThatThrownBy(() -> open(T0)).isInstanceOf(OutboxStoreException.class);

        Files.delete(log);
        Files.move(aside, log);
        assertThat(stored(id).isPending()).isTrue();
    }

    @Test
    void retryIsNotStrandedByAClockThatBeginsAnew() {
        String id = enqueue(Operation.of("test.send", "somewhere", "x"), T0);
        tick(operation -> SendResult.retryable("no"), T0);

        tick(operation -> SendResult.delivered(), T0 - YEAR_MS, T0 - YEAR_MS + MINUTE_MS);

        assertThat(stored(id).isDone()).isTrue();
    }

    @Test
    void enqueueUnderTheIdOfADeliveredOperationSendsNothing() {
        Operation operation = Operation.builder()
                .id("mine")
                .kind("test.send")
                .target("somewhere")
                .payload("x")
                .build();
        enqueue(operation, T0);
        tick(delivered -> SendResult.delivered(), T0);

        enqueue(operation, T0 + 1);
        Operation other = operation.toBuilder().payload("y").build();
        assertThatThrownBy(() -> enqueue(other, T0 + 1)).isInstanceOf(IllegalArgumentException.class);
        tick(delivered -> SendResult.delivered(), T0 + MINUTE_MS);

        assertThat(sent).hasSize(1);
        assertThat(stored("mine").isDone()).isTrue();
    }

    @Test
    void prunedOperationsDoNotComeBack() {
        String id = enqueue(Operation.of("test.send", "somewhere", "x"), T0);
        tick(operation -> SendResult.delivered(), T0);

        try (FileOutboxStore store = open(T0)) {
            assertThat(store.pruneDone(T0)).isEqualTo(1);
        }

        try (FileOutboxStore store = open(T0)) {
            assertThat(store.get(id)).isEmpty();
            assertThat(store.counts().get(OperationStatus.DONE)).isZero();
        }
    }

    private String enqueue(Operation operation, long nowMs) {
        try (FileOutboxStore store = open(nowMs)) {
            return new Outbox(store).enqueue(operation, nowMs);
        }
    }

    /** Rounds of an engine at these times, in a life of its own. */
    private void tick(ISyncTransport transport, long... times) {
        ISyncTransport recording = operation -> {
            sent.add(operation);
            return transport.send(operation);
        };
        try (FileOutboxStore store = open(times[0]);
                SyncEngine engine = new SyncEngine(
                        new Outbox(store),
                        new NetworkProbe(() -> true),
                        TransportRegistry.of("test.", recording),
                        SyncEngine.Config.builder().build())) {
            for (long nowMs : times) {
                engine.tick(nowMs);
            }
        }
    }

    private Operation stored(String id) {
        try (FileOutboxStore store = open(T0)) {
            return store.get(id).orElseThrow();
        }
    }

    private FileOutboxStore open(long nowMs) {
        return FileOutboxStore.open(FileOutboxStore.Config.builder()
                .filePath(directory.resolve("outbox.json"))
                .clock(InstantSource.fixed(Instant.ofEpochMilli(nowMs)))
                .build());
    }

    private Path firstSegment() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
