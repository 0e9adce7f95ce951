package dev.tidesync.engine;

import static dev.tidesync.engine.EngineUnderTest.T0;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.OutboxStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories on one thread: answers of every kind at any time, a store that fails, clocks that jump, processes
 * that crash. Whatever happens, nothing is lost and every lane keeps its order.
 */
final class DeliverySimulationTest {
    private static final int HISTORIES = 300;
    private static final int EVENTS = 120;

    @ParameterizedTest(name = "histories from seed {0}")
    @ValueSource(longs = {1, 1_000_000, 2_000_000})
    void nothingIsLostAndLanesKeepTheirOrder(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
            History history = new History(seed);
            history.run();
            history.check();
        }
    }

    private record Sent(Operation operation, CompletableFuture<SendResult> answer) {}

    /** One random history; its seed tells all. */
    private static final class History {
        private final long seed;
        private final Random random;
        private final MemoryOutboxStore store = new MemoryOutboxStore();
        private final Outbox outbox =
                new Outbox(store, Outbox.Config.builder().owner("simulated").build());
        private final List<String> enqueued = new ArrayList<>();
        private final Map<String, Sent> underWay = new LinkedHashMap<>();
        private final Set<String> accepted = new LinkedHashSet<>();
        private final Map<String, List<String>> arrivals = new LinkedHashMap<>();
        private SyncWorker worker = newWorker();
        private long nowMs = T0;
        private long latestMs = T0;

        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        private SyncWorker newWorker() {
            ScriptedTransport transport = new ScriptedTransport().run(operation -> {
                CompletableFuture<SendResult> answer = new CompletableFuture<>();
                underWay.put(operation.id(), new Sent(operation, answer));
                return answer;
            });
            return new SyncWorker(
                    outbox,
                    new NetworkProbe(() -> true),
                    TransportRegistry.of("test.", transport),
                    SyncEngine.Config.builder().build(),
                    () -> {});
        }

        private void answer(String id, SendResult result) {
            Sent sent = Objects.requireNonNull(underWay.remove(id));
            String lane = sent.operation().orderingKey();
            if (result.ok() && accepted.add(id) && !lane.isEmpty()) {
                arrivals.computeIfAbsent(lane, unseen -> new ArrayList<>()).add(id);
            }
            sent.answer().complete(result);
        }

        void run() {
            for (int event = 0; event < EVENTS; event++) {
                happen();
                latestMs = Math.max(latestMs, nowMs);
            }
            store.fail(false);
            // waits that were asked for are kept as asked, also when the clock has gone back since
            nowMs = latestMs;
            for (int round = 0; round < 1_000 && !isQuiet(); round++) {
                nowMs += 30_000;
                answerAll();
                worker.step(nowMs, 25);
            }
        }

        private void happen() {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> enqueue();
                case 3, 4, 5 -> step();
                case 6, 7, 8 -> answerOne();
                case 9 -> nowMs += random.nextInt(40_000);
                case 10 -> disturb();
                default -> store.fail(false);
            }
        }

        private void disturb() {
            switch (random.nextInt(4)) {
                case 0 -> store.fail(true);
                case 1 -> nowMs += Duration.ofDays(1).toMillis();
                case 2 -> nowMs = Math.max(T0 / 2, nowMs - Duration.ofDays(365).toMillis());
                default -> crash();
            }
        }

        private void enqueue() {
            String lane = random.nextBoolean() ? "" : "lane-" + random.nextInt(3);
            Operation operation = Operation.builder()
                    .id("op-" + seed + "-" + enqueued.size())
                    .kind("test.send")
                    .target("https://host" + random.nextInt(3) + ".example/")
                    .orderingKey(lane)
                    .build();
            try {
                enqueued.add(outbox.enqueue(operation, nowMs));
            } catch (OutboxStoreException notTaken) {
                assertThat(store.get(operation.id())).isEmpty();
            }
        }

        private void step() {
            try {
                worker.step(nowMs, 1 + random.nextInt(25));
            } catch (OutboxStoreException diskFull) {
                assertThat(diskFull).hasMessage("the disk is full");
            }
        }

        /** What was under way is forgotten; its answers reach nobody. */
        private void crash() {
            underWay.clear();
            store.restart();
            worker = newWorker();
        }

        private void answerOne() {
            if (!underWay.isEmpty()) {
                List<String> ids = List.copyOf(underWay.keySet());
                String id = ids.get(random.nextInt(ids.size()));
                answer(id, randomResult());
            }
        }

        private void answerAll() {
            List.copyOf(underWay.keySet()).forEach(id -> answer(id, SendResult.delivered()));
        }

        private SendResult randomResult() {
            return switch (random.nextInt(6)) {
                case 0 -> SendResult.retryable("busy");
                case 1 -> SendResult.retryable("down").withScope(Scope.TARGET);
                case 2 -> SendResult.retryable("slow down").withRetryAfter(Duration.ofSeconds(random.nextInt(100)));
                case 3 -> SendResult.permanent("bad request");
                default -> SendResult.delivered();
            };
        }

        private boolean isQuiet() {
            return enqueued.stream()
                    .allMatch(id -> store.get(id).orElseThrow().status().isFinal());
        }

        void check() {
            for (String id : enqueued) {
                Operation operation = store.get(id).orElseThrow();
                assertThat(operation.status().isFinal())
                        .as("seed %s: %s", seed, operation)
                        .isTrue();
                if (operation.status() == OperationStatus.DONE) {
                    assertThat(accepted).as("seed %s", seed).contains(id);
                }
            }
            arrivals.forEach((lane, ids) -> assertThat(ids)
                    .as("seed %s, %s", seed, lane)
                    .isEqualTo(enqueued.stream()
                            .filter(new HashSet<>(ids)::contains)
                            .toList()));
        }
    }
}
