package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A second worker on the same outbox, which sends at once and reports late. Its leases run out, so the engine often
 * overtakes it; then its failures must count for nothing.
 */
final class SlowWorker {
    private static final String OWNER = "slow-worker";
    private static final long RETRY_DELAY_MS = 1_000;

    private record Held(Claim claim, SendResult result, int sends) {
        String id() {
            return claim.operation().id();
        }
    }

    private final RandomGenerator random;
    private final SimulatedClock clock;
    private final Oracle oracle;
    private final List<Held> held = new ArrayList<>();

    SlowWorker(RandomGenerator random, SimulatedClock clock, Oracle oracle) {
        this.random = random;
        this.clock = clock;
        this.oracle = oracle;
    }

    /** Claims up to two operations and sends them; the outcomes stay here. */
    void work(OutboxStore store, LossyTransport transport) {
        store.expire(clock.millis());
        ClaimRequest request = new ClaimRequest(OWNER, clock.millis(), 2, (kind, to) -> Admission.upTo(1));
        for (Claim claim : store.claimReady(request)) {
            SendResult result = sendWith(transport, claim.operation());
            held.add(new Held(claim, result, oracle.sends(claim.operation().id())));
        }
    }

    private static SendResult sendWith(LossyTransport transport, Operation operation) {
        try {
            return transport.send(operation);
        } catch (IllegalStateException brokenPlugin) {
            return SendResult.retryable(String.valueOf(brokenPlugin.getMessage()));
        }
    }

    /** Reports the outcome of one claim, however old. */
    void report(OutboxStore store) {
        if (held.isEmpty()) {
            return;
        }
        Held reported = held.remove(random.nextInt(held.size()));
        boolean overtaken = oracle.sends(reported.id()) > reported.sends()
                || store.get(reported.id()).filter(Operation::isInFlight).isEmpty();
        boolean accepted = store.settle(settlementOf(reported));
        if (overtaken && !reported.result().ok()) {
            oracle.outdatedFailureAnswered(reported.id(), accepted);
        }
        if (accepted) {
            oracle.settledFromOutside(reported.id());
        }
    }

    private Settlement settlementOf(Held reported) {
        long nowMs = clock.millis();
        String error = reported.result().error();
        if (reported.result().ok()) {
            return Settlement.delivered(reported.claim(), nowMs);
        }
        if (!reported.result().retryable()) {
            return Settlement.permanentlyFailed(reported.claim(), error, nowMs);
        }
        return random.nextBoolean()
                ? Settlement.failed(reported.claim(), error, nowMs, nowMs + RETRY_DELAY_MS)
                : Settlement.released(reported.claim(), error, nowMs, nowMs + RETRY_DELAY_MS);
    }

    /** The engine is about to send this operation: reports an outdated claim of it as failed, in its midst. */
    void interfere(OutboxStore store, String id) {
        for (Held outdated : held) {
            if (outdated.id().equals(id)) {
                long nowMs = clock.millis();
                Settlement late = Settlement.failed(outdated.claim(), "reported late", nowMs, nowMs);
                oracle.outdatedFailureAnswered(id, store.settle(late));
            }
        }
    }

    /** It dies with its process. */
    void die() {
        held.clear();
    }
}
