package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an application and an engine do with a store, in a few words. */
final class OutboxWork {
    static final long T0 = 1_700_000_000_000L;

    private final StoreOnSimulatedDisk simulated;
    private long nowMs = T0;

    OutboxWork(StoreOnSimulatedDisk simulated) {
        this.simulated = simulated;
    }

    /** Lets time pass. */
    void pass(long ms) {
        nowMs += ms;
    }

    private FileOutboxStore store() {
        return simulated.store();
    }

    void put(String id, String lane, int payloadBytes) {
        store().put(operation(id, lane, payloadBytes));
    }

    Operation operation(String id, String lane, int payloadBytes) {
        return Operation.restore(Operation.builder()
                        .id(id)
                        .kind("http.post")
                        .target("https://host/" + id)
                        .payload(id + "x".repeat(payloadBytes))
                        .orderingKey(lane)
                        .createdAtMs(nowMs)
                        .build())
                .updatedAtMs(nowMs)
                .build();
    }

    /** Claims the oldest that are ready. */
    List<Claim> claim(int count) {
        return store().claimReady(new ClaimRequest(
                store().defaultOwner(), nowMs, count, (kind, destination) -> Admission.upTo(count)));
    }

    void deliver(int count) {
        List<Claim> claims = claim(count);
        assertThat(claims).hasSize(count);
        store().settleAll(claims.stream()
                .map(claim -> Settlement.delivered(claim, nowMs))
                .toList());
    }

    /**
     * Enqueues fifty operations and ends all but every tenth: of those one is buried, one has failed, one is in flight,
     * one is done and answered, and the rest wait, some of them in a lane.
     */
    void fillAndFinishMost(String prefix) {
        for (int i = 0; i < 50; i++) {
            put(prefix + i, i % 20 == 0 ? "lane" : "", 200);
        }
        List<Claim> answered = new ArrayList<>();
        for (Claim claim : claim(Integer.MAX_VALUE)) {
            Operation operation = claim.operation();
            if (operation.id().equals(prefix + 45)) {
                answered.add(claim);
            } else if (operation.id().startsWith(prefix)) {
                end(claim, Integer.parseInt(operation.id().substring(prefix.length())));
            } else {
                store().settle(Settlement.released(claim, "not now", nowMs, nowMs));
            }
        }
        simulated.timer().runTasks();
        store().pruneDone(nowMs);
        answered.forEach(
                claim -> store().settle(Settlement.delivered(claim, nowMs).withAnswer("answer to " + prefix)));
        simulated.timer().runTasks();
    }

    private void end(Claim claim, int number) {
        switch (number) {
            case 10 -> store().settle(Settlement.permanentlyFailed(claim, "rejected " + number, nowMs));
            case 20 -> store().settle(Settlement.failed(claim, "no answer " + number, nowMs, nowMs + 1));
            case 30 -> {} // stays in flight
            case 0, 40 -> store().settle(Settlement.released(claim, "released " + number, nowMs, nowMs));
            default -> store().settle(Settlement.delivered(claim, nowMs));
        }
    }

    Operation get(String id) {
        return store().get(id).orElseThrow(() -> new AssertionError("'" + id + "' is gone"));
    }

    /** All that can be known of all operations. */
    Map<String, Operation> everything() {
        Map<String, Operation> all = new LinkedHashMap<>();
        for (OperationStatus status : OperationStatus.values()) {
            store().page(status, "", Integer.MAX_VALUE).forEach(operation -> all.put(operation.id(), operation));
        }
        return all;
    }

    /** The ids of what is ready, in order. */
    List<String> ready() {
        return store()
                .list(ListOptions.builder()
                        .nowMs(nowMs + 10)
                        .limit(Integer.MAX_VALUE)
                        .build())
                .stream()
                .map(Operation::id)
                .toList();
    }
}
