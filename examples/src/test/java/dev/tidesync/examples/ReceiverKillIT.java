package dev.tidesync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.wal.DirectoryStorage;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.engine.wal.WalRecordVisitor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine sends to a receiver in another process, which is killed again and again: between commit and
 * acknowledgement, between a handler and its mark, wherever it happens to be. The receiver's own log is the judge.
 * {@code -Dreceiver.kills=N} sets how often, {@code -Dreceiver.seed=N} repeats a run's choices.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReceiverKillIT {
    private static final int KILLS = Integer.getInteger("receiver.kills", 8);
    private static final long SEED = Long.getLong("receiver.seed", System.nanoTime());
    private static final int OPERATIONS_PER_LIFE = 150;
    private static final int HANDLER_THREADS = 8;

    @TempDir
    Path directory;

    private volatile int receiverPort;

    @Test
    void eachOperationIsKeptOnceAndHandledAlthoughTheReceiverIsKilled() throws Exception {
        Random random = new Random(SEED);
        Set<String> keys = new HashSet<>();
        try (ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                SyncEngine sender = SyncEngine.open(directory.resolve("sender"), quickRetries())) {
            new Thread(() -> passOn(door)).start();
            sender.start();
            for (int life = 1; life <= KILLS; life++) {
                Process receiver = startReceiver();
                enqueue(sender, door.getLocalPort(), "life-" + life, keys);
                int handledByThen = handled().size() + 1 + random.nextInt(OPERATIONS_PER_LIFE);
                await(() -> handled().size() >= handledByThen || done(sender) == keys.size());
                receiver.destroyForcibly().waitFor();
            }
            Process receiver = startReceiver();
            await(() -> done(sender) == keys.size() && new HashSet<>(handled()).size() == keys.size());
            receiver.destroyForcibly().waitFor();
        }
        check(keys);
    }

    private static SyncConfiguration quickRetries() {
        return SyncConfiguration.of(Map.of(
                "retry.base-delay", "5ms",
                "retry.max-delay", "100ms",
                "retry.max-attempts", "100000",
                "ws.reconnect.min", "1ms",
                "ws.reconnect.max", "20ms",
                "ws.ack-timeout", "2s"));
    }

    private static void enqueue(SyncEngine sender, int port, String prefix, Set<String> keys) {
        for (int i = 0; i < OPERATIONS_PER_LIFE; i++) {
            String key = prefix + "-" + i;
            keys.add(key);
            sender.enqueue(Operation.builder()
                    .id(key)
                    .kind("ws.send")
                    .target("ws://127.0.0.1:" + port + "/")
                    .payload("payload of " + key)
                    .orderingKey(i % 10 == 0 ? "lane" : "")
                    .build());
        }
    }

    private Process startReceiver() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceivingProcess.class.getName(),
                        directory.resolve("receiver").toString(),
                        directory.resolve("handled.txt").toString())
                .redirectError(directory.resolve("receiver.err").toFile())
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            receiverPort = Integer.parseInt(output.lines()
                    .filter(line -> line.matches("\\d+"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the receiver did not start, see receiver.err")));
        }
        return process;
    }

    /** A door that stays where it is while receivers, each on a port of its own, come and go behind it. */
    private void passOn(ServerSocket door) {
        try {
            while (true) {
                Socket sender = door.accept();
                try {
                    Socket receiver = new Socket(InetAddress.getLoopbackAddress(), receiverPort);
                    new Thread(() -> copy(sender, receiver)).start();
                    new Thread(() -> copy(receiver, sender)).start();
                } catch (IOException nobodyThere) {
                    sender.close();
                }
            }
        } catch (IOException closed) {
            assertThat(door.isClosed()).isTrue();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException cut) {
            assertThat(cut).isNotNull(); // both ends see it
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up, seed %d", SEED).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static long done(SyncEngine sender) {
        return sender.outbox().store().counts().getOrDefault(OperationStatus.DONE, 0L);
    }

    private List<String> handled() {
        Path file = directory.resolve("handled.txt");
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private void check(Set<String> keys) throws IOException {
        Map<String, Integer> received = new HashMap<>();
        Wal.Config config = Wal.Config.builder().stem("inbox").build();
        try (Wal log = Wal.open(DirectoryStorage.open(directory.resolve("receiver")), config)) {
            log.replay(
                    0,
                    (offset, record) -> record.accept(new WalRecordVisitor() {
                        @Override
                        public void visit(WalRecord.Received one) {
                            received.merge(one.operation().idempotencyKey(), 1, Integer::sum);
                        }
                    }));
        }
        assertThat(received.keySet()).as("kept, seed %d", SEED).isEqualTo(keys);
        assertThat(received.values()).as("kept once each, seed %d", SEED).containsOnly(1);
        List<String> handled = handled();
        assertThat(handled.stream().collect(Collectors.toSet())).as("handled").isEqualTo(keys);
        assertThat(handled.size() - keys.size())
                .as("handled once more because a kill came between a handler and its mark, seed %d", SEED)
                .isLessThanOrEqualTo(KILLS * HANDLER_THREADS);
    }
}
