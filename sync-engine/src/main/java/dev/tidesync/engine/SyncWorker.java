package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.insight.DestinationStatus;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.engine.plugin.TransportRegistry;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import dev.tidesync.spi.OutboxStore;
import dev.tidesync.spi.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The one non-blocking step of an engine: it records the outcomes of sends that have ended, keeps the leases of those
 * under way, claims what is ready and admitted, and starts to send it. Everything else is a way to drive it.
 *
 * <p><b>Threads:</b> one thread at a time may call it; outcomes arrive from any thread and wait for the next step.
 *
 * <p><b>Errors:</b> a store's failure is thrown; nothing is lost by it, and the next step goes on where this one ended.
 */
public final class SyncWorker {
    private static final Logger log = LoggerFactory.getLogger(SyncWorker.class);

    /** A shorter poll, though configured, would be a busy loop; what is foreseen or signalled does not wait for it. */
    private static final Duration LEAST_POLL = Duration.ofMillis(10);

    private final Outbox outbox;
    private final OutboxStore store;
    private final TransportRegistry transports;
    private final SyncEngine.Config config;
    private final Runnable wake;
    private final OutcomeRules rules;
    private final SendThreads threads;
    private final Callers callers = new Callers();
    private final Connectivity connectivity;
    private final Traffic traffic;
    private final EngineSight sight;
    private final LeaseRenewal leases;
    private final Announcer announcer = new Announcer();
    private final Inquiries inquiries = new Inquiries();
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final List<Settlement> unsettled = new ArrayList<>();
    private boolean reclaimed;

    /**
     * A worker.
     *
     * @param wake called from any thread when there is a reason to step again; it must not block
     */
    public SyncWorker(
            Outbox outbox, NetworkProbe probe, TransportRegistry transports, SyncEngine.Config config, Runnable wake) {
        this.outbox = outbox;
        this.store = outbox.store();
        this.transports = transports;
        this.config = config;
        this.wake = wake;
        this.rules = new OutcomeRules(outbox);
        this.threads = new SendThreads(config.maxSendThreads(), wake);
        this.connectivity = new Connectivity(probe, config.probes(), wake);
        this.traffic = new Traffic(config, outbox.config().retry(), threads, callers);
        this.leases = new LeaseRenewal(store, config.inflightTimeout());
        this.sight = new EngineSight(transports, connectivity, traffic);
    }

    /**
     * Takes one step.
     *
     * @param nowMs the wall clock; it may go back
     * @param limit how many operations to claim at most; with 0 the step only looks after those under way
     */
    public Step step(long nowMs, int limit) {
        answerInquiries();
        takeOutcomes(nowMs);
        abandonOverdue(nowMs);
        settle();
        keepLeases(nowMs);
        boolean online = connectivity.refresh(nowMs);
        List<Claim> claims = online ? claim(nowMs, limit) : List.of();
        int sent = 0;
        for (Claim claim : claims) {
            sent += sendOrSettle(claim, nowMs) ? 1 : 0;
        }
        traffic.callTransports();
        traffic.forgetDeserted(nowMs);
        settle();
        return new Step(claims.size(), sent, online);
    }

    /** Asks something about what is confined to the step, from any thread; the next step answers. */
    <T> CompletableFuture<T> ask(Function<EngineSight, T> question) {
        CompletableFuture<T> answer = inquiries.ask(() -> question.apply(sight));
        wake.run();
        return answer;
    }

    /** Answers what was asked; for a driver that takes no step. */
    void answerInquiries() {
        inquiries.answerAll();
    }

    private void takeOutcomes(long nowMs) {
        for (Outcome outcome = outcomes.poll(); outcome != null; outcome = outcomes.poll()) {
            if (outcome.delivery().abandoned()) {
                takeLateOutcome(outcome, nowMs);
            } else {
                take(outcome, nowMs);
            }
        }
    }

    private void take(Outcome outcome, long nowMs) {
        Delivery delivery = outcome.delivery();
        if (outcome.fromTransport()) {
            learn(delivery, outcome.result(), nowMs);
        }
        traffic.ended(delivery);
        decide(rules.settle(delivery.claim(), outcome.result(), nowMs));
    }

    private void learn(Delivery delivery, SendResult result, long nowMs) {
        Destination destination = delivery.destination();
        if (destination.answered(result, delivery.number(), nowMs)) {
            DestinationStatus status = destination.status(delivery.load().window(), nowMs);
            announcer.tell(listener -> listener.destinationChanged(status));
        }
    }

    /** A late delivery is true, and so becomes DONE; a late failure has been charged already. */
    private void takeLateOutcome(Outcome outcome, long nowMs) {
        if (outcome.result().ok()) {
            decide(Settlement.delivered(outcome.delivery().claim(), nowMs)
                    .withAnswer(outcome.result().answer()));
        } else {
            log.debug(
                    "{}: late result ignored: {}",
                    outcome.delivery().operation().id(),
                    outcome.result());
        }
    }

    /** A send that only waited for its turn in the transport says so when it is cancelled, and is not charged. */
    private void abandonOverdue(long nowMs) {
        for (Delivery delivery : traffic.abandonOverdue()) {
            Outcome outcome = delivery.neverBegun()
                    .orElseGet(
                            () -> Outcome.overdue(delivery, config.sendTimeout().toMillis()));
            decide(rules.settle(delivery.claim(), outcome.result(), nowMs));
        }
    }

    private void decide(Settlement settlement) {
        unsettled.add(settlement);
        boolean givenUp = settlement.verdict() == Settlement.Verdict.PERMANENT_FAILED;
        Operation operation = settlement.claim().operation();
        log.atLevel(givenUp ? Level.WARN : Level.DEBUG)
                .addKeyValue("operation", operation.id())
                .addKeyValue("kind", operation.kind())
                .addKeyValue("verdict", settlement.verdict())
                .addKeyValue("code", settlement.code())
                .addKeyValue("attempt", operation.attempt())
                .log(givenUp ? "given up: {}" : "{}", settlement);
    }

    /** Records what was decided, in one batch; if the store fails, the next step tries again. */
    private void settle() {
        if (unsettled.isEmpty()) {
            return;
        }
        List<Boolean> settled = store.settleAll(List.copyOf(unsettled));
        for (int i = 0; i < settled.size(); i++) {
            Settlement settlement = unsettled.get(i);
            if (settled.get(i)) {
                announcer.tell(listener -> listener.settled(settlement));
            } else {
                log.info("refused, since it is no longer the newest claim: {}", settlement);
            }
        }
        unsettled.clear();
    }

    private void keepLeases(long nowMs) {
        leases.renewIfDue(traffic::claims, nowMs);
        if (!reclaimed) {
            report("left in flight by a crash", store.reclaimAbandoned(outbox.owner(), nowMs));
            reclaimed = true;
        }
        long timeoutMs = config.inflightTimeout().toMillis();
        report("in flight for too long", store.requeueInflightOlderThan(nowMs, timeoutMs));
        report("expired", store.expire(nowMs));
    }

    private static void report(String what, int count) {
        if (count > 0) {
            log.info("{} operations {}", count, what);
        }
    }

    private List<Claim> claim(long nowMs, int limit) {
        int room = Math.min(limit, traffic.room());
        if (room == 0) {
            return List.of();
        }
        AdmissionGate gate = new AdmissionGate(transports, connectivity, traffic, nowMs);
        return store.claimReady(new ClaimRequest(outbox.owner(), nowMs, room, gate));
    }

    private boolean sendOrSettle(Claim claim, long nowMs) {
        Optional<Settlement> burial = rules.bury(claim, nowMs);
        if (burial.isPresent()) {
            decide(burial.get());
            return false;
        }
        Operation operation = claim.operation();
        Optional<Route> route = transports.route(operation.kind());
        if (route.isEmpty()) {
            decide(rules.unroutable(claim, transports.noRouteReason(operation.kind()), nowMs));
            return false;
        }
        traffic.add(claim, route.get(), nowMs, this::ended);
        return true;
    }

    private void ended(Outcome outcome) {
        outcomes.add(outcome);
        wake.run();
    }

    /** Cancels all sends under way and gives back their operations, uncharged; what was delivered stays so. */
    void releaseAll(long nowMs) {
        takeOutcomes(nowMs);
        traffic.abandonAll().forEach(delivery -> decide(rules.stopped(delivery.claim(), nowMs)));
        takeOutcomes(nowMs);
        settle();
    }

    /** Cancels all sends under way, and records nothing: the store takes no more. */
    void abandonAll() {
        traffic.abandonAll();
        endThreads();
    }

    /** Tells listeners of outcomes once they are recorded, and of destinations. */
    Announcer announcer() {
        return announcer;
    }

    /** How many destinations it remembers, since something goes there or failed there. */
    int destinations() {
        return traffic.destinations();
    }

    /** How many sends are under way. */
    int running() {
        return traffic.size();
    }

    /**
     * Whether steps follow each other by themselves from now on, so that a slow check or transport may not hold them
     * up.
     */
    void inBackground(boolean background) {
        connectivity.checkOn(background ? threads::execute : Runnable::run);
        callers.patience(background ? Callers.LOOP_PATIENCE : Callers.TICK_PATIENCE);
    }

    /** Lets the threads for sends end; the next send starts them anew. */
    void endThreads() {
        callers.close();
        threads.close();
    }

    /** How long until the first deadline of a send under way. */
    long nanosToNextDeadline() {
        return traffic.nanosToNextDeadline();
    }

    /** How long a driver may rest after a step without missing anything, if it is not woken. */
    long restNanos(Step step, long nowMs) {
        Duration rest = step.online() ? untilNextDue(nowMs) : longer(config.offlineSleep(), LEAST_POLL);
        if (traffic.size() > 0) {
            rest = shorter(rest, Duration.ofNanos(nanosToNextDeadline()));
            rest = shorter(rest, config.inflightTimeout().dividedBy(3));
        }
        return rest.toNanos();
    }

    private Duration untilNextDue(long nowMs) {
        long dueInMs = store.nextDueAtMs(nowMs).orElse(Long.MAX_VALUE) - nowMs;
        long soonestMs = Math.min(dueInMs, traffic.msToNextPauseEnd(nowMs));
        return shorter(longer(config.idleSleep(), LEAST_POLL), Duration.ofMillis(soonestMs));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * What a step did.
     *
     * @param claimed how many operations it claimed
     * @param sent how many of them it began to send; the others were buried
     * @param online whether any route could be reached
     */
    public record Step(int claimed, int sent, boolean online) {}
}
