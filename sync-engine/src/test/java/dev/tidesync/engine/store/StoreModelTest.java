package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Random lives of a store, against {@link OutboxModel}, with clean reopenings and power cuts in between. A failure
 * names its seed; {@code -Dstore.seed=N} runs that one alone.
 */
class StoreModelTest {
    private static final int SEEDS = Integer.getInteger("store.seeds", 100);
    private static final int STEPS = 60;
    private static final String[] LANES = {"", "", "lane-1", "lane-2"};

    @Test
    void storeDoesWhatTheModelDoes() {
        Long only = Long.getLong("store.seed");
        if (only != null) {
            new Life(only).run();
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            new Life(seed).run();
        }
    }

    private static final class Life {
        private final String name;
        private final Random random;
        private final StoreOnSimulatedDisk simulated;
        private final OutboxModel model = new OutboxModel();
        private final List<Claim> claims = new ArrayList<>();
        private long nowMs = 1_700_000_000_000L;
        private int operations;

        private Life(long seed) {
            this.name = "seed " + seed;
            this.random = new Random(seed);
            this.simulated = new StoreOnSimulatedDisk(seed);
        }

        private void run() {
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(300);
                step();
                model.verify(store(), nowMs, name);
            }
            simulated.store().close();
        }

        private void step() {
            switch (random.nextInt(17)) {
                case 0, 1, 2 -> put();
                case 3, 4, 5 -> claimBatch();
                case 6 -> claimOne();
                case 7, 8, 9 -> settle();
                case 10 ->
                    assertThat(store().requeueInflightOlderThan(nowMs, 500))
                            .as(name)
                            .isEqualTo(model.requeue(nowMs, 500));
                case 11 -> decide();
                case 12 -> simulated.timer().runTasks();
                case 13 -> simulated.tidyUpALittle();
                case 14, 15 -> simulated.tidyUp();
                default -> reopen();
            }
        }

        private FileOutboxStore store() {
            return simulated.store();
        }

        private void put() {
            String id = id(operations++);
            String lane = LANES[random.nextInt(LANES.length)];
            String payload = "payload " + random.nextLong();
            store().put(Operation.restore(Operation.builder()
                            .id(id)
                            .kind(random.nextBoolean() ? "http.post" : "ws.send")
                            .target("https://host-" + random.nextInt(3) + "/" + id)
                            .payload(payload)
                            .orderingKey(lane)
                            .createdAtMs(nowMs)
                            .build())
                    .updatedAtMs(nowMs)
                    .build());
            model.put(id, lane, payload);
        }

        /** Half of them are UUIDs, which the index keeps in another way than other ids. */
        private static String id(int number) {
            return number % 2 == 0 ? "op-" + number : new UUID(number, ~number).toString();
        }

        private void claimBatch() {
            int limit = random.nextInt(4);
            List<String> ready = model.ready(nowMs);
            List<Claim> batch = store().claimReady(
                            new ClaimRequest("owner", nowMs, limit, (kind, destination) -> Admission.upTo(2)));
            assertThat(batch).as(name).hasSizeLessThanOrEqualTo(limit);
            if (limit > 0) {
                assertThat(batch.isEmpty()).as(name).isEqualTo(ready.isEmpty());
            }
            for (Claim claim : batch) {
                assertThat(ready).as(name).contains(claim.operation().id());
                model.claimed(claim.operation().id(), claim.token(), nowMs);
                claims.add(claim);
            }
        }

        private void claimOne() {
            if (operations > 0) {
                String id = id(random.nextInt(operations));
                boolean claimed = store().claim(id, "owner", nowMs);
                assertThat(claimed).as("%s: claim of %s", name, id).isEqualTo(model.isReady(id, nowMs));
                if (claimed) {
                    model.claimed(id, -1, nowMs);
                }
            }
        }

        private void settle() {
            if (claims.isEmpty()) {
                return;
            }
            Claim claim = claims.get(random.nextInt(claims.size()));
            Settlement settlement = switch (random.nextInt(5)) {
                case 0, 1 -> Settlement.delivered(claim, nowMs);
                case 2 -> Settlement.failed(claim, "failed", nowMs, nowMs + random.nextInt(1_000));
                case 3 -> Settlement.released(claim, "released", nowMs, nowMs + random.nextInt(1_000));
                default -> Settlement.permanentlyFailed(claim, "rejected", nowMs);
            };
            assertThat(store().settle(settlement))
                    .as("%s: %s", name, settlement)
                    .isEqualTo(model.settle(settlement));
        }

        private void decide() {
            List<String> buried = model.withStatus(OperationStatus.PERMANENT_FAILED);
            List<String> pending = model.withStatus(OperationStatus.PENDING);
            if (!buried.isEmpty() && random.nextInt(4) == 0) {
                forgetDeadLetters();
            } else if (!buried.isEmpty() && random.nextBoolean()) {
                replay(buried);
            } else if (!pending.isEmpty()) {
                store().cancel(pending.get(pending.size() - 1), nowMs);
                model.cancelled(pending.get(pending.size() - 1));
            } else {
                prune();
            }
        }

        private void replay(List<String> buried) {
            if (random.nextBoolean()) {
                store().replay(buried.get(0), nowMs);
                model.replayed(buried.get(0), nowMs);
            } else {
                assertThat(store().replayAll(buried, nowMs)).as(name).isEqualTo(buried.size());
                buried.forEach(id -> model.replayed(id, nowMs));
            }
        }

        /** Durable when it returns, and so is everything before it. */
        private void forgetDeadLetters() {
            assertThat(store().pruneDeadLetters(nowMs))
                    .as(name)
                    .isEqualTo(model.prune(OperationStatus.PERMANENT_FAILED));
            model.everythingIsDurable();
        }

        private void prune() {
            int pruned = store().pruneDone(nowMs);
            assertThat(pruned).as(name).isEqualTo(model.prune(OperationStatus.DONE));
            if (pruned > 0) {
                simulated.timer().runTasks();
                model.everythingIsDurable();
            }
        }

        private void reopen() {
            claims.clear();
            if (random.nextBoolean()) {
                simulated.closeAndReopen();
            } else {
                simulated.crashAndReopen();
            }
            model.recoverFrom(store(), name);
        }
    }
}
