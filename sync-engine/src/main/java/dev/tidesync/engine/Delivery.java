package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.plugin.Route;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One send under way. Whatever the transport does — answer, throw, return null, answer twice — exactly one
 * {@link Outcome} is reported for it, or none if it hangs.
 *
 * <p><b>Threads:</b> safe for use by many threads, except what is marked as the step's.
 */
final class Delivery implements SendContext {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Claim claim;
    private final Route route;
    private final Destination destination;
    private final long number;
    private final long deadlineNanos;
    private final TransportLoad load;
    private final Consumer<Outcome> outcomes;
    private final AtomicReference<Outcome> answer = new AtomicReference<>();
    private volatile boolean usedThreads;

    /** The step's: whether the engine has stopped waiting for this send. */
    private boolean abandoned;

    // guarded by this
    private boolean cancelled;
    private final List<Runnable> cancelActions = new ArrayList<>();
    private final List<SendTask> tasks = new ArrayList<>();

    Delivery(
            Claim claim,
            Route route,
            Destination destination,
            TransportLoad load,
            Duration timeout,
            Consumer<Outcome> outcomes) {
        this.claim = claim;
        this.route = route;
        this.destination = destination;
        this.number = destination.lastSend();
        this.load = load;
        this.deadlineNanos = System.nanoTime() + timeout.toNanos();
        this.outcomes = outcomes;
    }

    /** The step's: the call that hands the operation to its transport, to be made once. */
    SendTask call() {
        return task(SendTask.Purpose.CALL, this::send);
    }

    private SendTask task(SendTask.Purpose purpose, Runnable work) {
        SendTask task = new SendTask(this, purpose, work);
        synchronized (this) {
            tasks.add(task);
            if (cancelled) {
                task.cancel();
            }
        }
        return task;
    }

    private void send() {
        CompletionStage<SendResult> stage = transport().sendAsync(operation(), this);
        if (stage == null) {
            answer(Outcome.noResult(this));
        } else {
            stage.whenComplete(this::completed);
        }
    }

    private void completed(@Nullable SendResult result, @Nullable Throwable failure) {
        if (failure != null) {
            threw(failure);
        } else if (result == null) {
            answer(Outcome.noResult(this));
        } else {
            answer(Outcome.answered(this, result));
        }
    }

    void threw(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        answer(Outcome.threw(this, cause));
    }

    private void answer(Outcome outcome) {
        if (answer.compareAndSet(null, outcome)) {
            if (!usedThreads) {
                load.didWithoutThread();
            }
            outcomes.accept(outcome);
        }
    }

    Claim claim() {
        return claim;
    }

    Operation operation() {
        return claim.operation();
    }

    Route route() {
        return route;
    }

    ISyncTransport transport() {
        return route.transport();
    }

    Destination destination() {
        return destination;
    }

    TransportLoad load() {
        return load;
    }

    /** Its number among the sends to its destination. */
    long number() {
        return number;
    }

    /**
     * The step's: stops waiting for an answer, and interrupts what runs for it; an answer that still comes is taken
     * only if it says delivered. Returns the call that runs the transport's own actions, if it has any.
     */
    Optional<SendTask> abandon() {
        abandoned = true;
        List<Runnable> actions;
        synchronized (this) {
            cancelled = true;
            tasks.forEach(SendTask::cancel);
            actions = List.copyOf(cancelActions);
            cancelActions.clear();
            if (actions.isEmpty()) {
                return Optional.empty();
            }
            SendTask cancellation =
                    new SendTask(this, SendTask.Purpose.CANCELLATION, () -> actions.forEach(this::runCancelAction));
            tasks.add(cancellation);
            return Optional.of(cancellation);
        }
    }

    /** What the transport answered, if that says that the receiver never saw the operation. */
    Optional<Outcome> neverBegun() {
        return Optional.ofNullable(answer.get()).filter(outcome -> isUncharged(outcome.result()));
    }

    private static boolean isUncharged(SendResult result) {
        return result.retryable() && result.scope() != SendResult.Scope.OPERATION && !result.ambiguous();
    }

    /** The step's: whether the engine has stopped waiting. */
    boolean abandoned() {
        return abandoned;
    }

    long nanosLeft() {
        return deadlineNanos - System.nanoTime();
    }

    private void runCancelAction(Runnable action) {
        try {
            PluginCall.run(transport(), action);
        } catch (Throwable failure) {
            log.warn(
                    "transport '{}' failed to cancel the send of {}",
                    route.instance(),
                    operation().id(),
                    failure);
        }
    }

    /** Whether a thread of the engine's is still at work for this send. */
    synchronized boolean holdsThread() {
        return !tasks.isEmpty();
    }

    synchronized void ended(SendTask task) {
        tasks.remove(task);
    }

    @Override
    public Duration timeLeft() {
        return cancelled() ? Duration.ZERO : Duration.ofNanos(Math.max(0, nanosLeft()));
    }

    @Override
    public int attempt() {
        return operation().attempt();
    }

    @Override
    public boolean ambiguousBefore() {
        return claim.ambiguousBefore();
    }

    @Override
    public synchronized boolean cancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                cancelActions.add(action);
                return;
            }
        }
        runCancelAction(action);
    }

    @Override
    public Executor executor() {
        usedThreads = true;
        load.usesThreads();
        return this::execute;
    }

    private void execute(Runnable work) {
        SendTask task = task(SendTask.Purpose.WORK, work);
        try {
            load.threads().execute(task);
        } catch (RuntimeException | Error notStarted) {
            ended(task);
            throw notStarted;
        }
    }
}
