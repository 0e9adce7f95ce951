package dev.tidesync.transport.fake;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A transport that answers as its rules say and remembers what it was given, for testing code that uses Tidesync.
 *
 * <p>A rule for the operation's target wins over one for its kind, which wins over the default; the default is
 * {@link Rule#ok()}. Rules can be changed at any time and hold for the sends that begin afterwards.
 *
 * <p><b>Threads:</b> safe for use by many threads. It starts none, except that {@link Rule#after} uses the scheduler it
 * was given, or else one daemon thread of the JDK.
 */
public final class FakeTransport implements ISyncTransport {
    /** How many operations {@link #sent()} remembers, so that a long run does not fill the heap. */
    public static final int REMEMBERED = 10_000;

    private static final SendResult CANCELLED = SendResult.retryable("the send was cancelled")
            .withCode("fake.cancelled")
            .withScope(SendResult.Scope.TARGET);
    private static final SendResult CLOSED = SendResult.retryable("the fake transport is closed")
            .withCode("fake.closed")
            .withScope(SendResult.Scope.TARGET);

    private final Scheduler scheduler;
    private final Map<String, Rule> rulesByTarget = new ConcurrentHashMap<>();
    private final Map<String, Rule> rulesByKind = new ConcurrentHashMap<>();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<SendResult>> runningByCall = new ConcurrentHashMap<>();
    private volatile Rule defaultRule = Rule.ok();
    private volatile boolean closed;

    private final Object sentLock = new Object();
    // guarded by sentLock
    private final Deque<Operation> sent = new ArrayDeque<>();

    /** A transport that delivers everything until it is told otherwise. */
    public FakeTransport() {
        this((delay, action) -> CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS)
                .execute(action));
    }

    /** A transport whose latencies ({@link Rule#after}) pass on the given scheduler, such as a simulated one. */
    public FakeTransport(Scheduler scheduler) {
        this.scheduler = Objects.requireNonNull(scheduler);
    }

    /** What happens to operations that no other rule covers. */
    public void setDefault(Rule rule) {
        defaultRule = Objects.requireNonNull(rule);
    }

    /** What happens to operations of exactly this kind, unless there is a rule for their target. */
    public void setRuleForKind(String kind, Rule rule) {
        rulesByKind.put(kind, rule);
    }

    /** What happens to operations for exactly this target. */
    public void setRuleForTarget(String target, Rule rule) {
        rulesByTarget.put(target, rule);
    }

    /** How often it was called, sends after its closing included. */
    public int callCount() {
        return calls.get();
    }

    /**
     * The operations it was called with before it was closed, repeats included, in order; the last {@value #REMEMBERED}
     * of them.
     */
    public List<Operation> sent() {
        synchronized (sentLock) {
            return List.copyOf(sent);
        }
    }

    /** How many sends hang at {@link Rule#heldUntilReleased} now. */
    public int heldCount() {
        return held.size();
    }

    /** Lets the sends go on that hang at {@link Rule#heldUntilReleased} now; later ones hang anew. */
    public void release() {
        List<Runnable> waiting = new ArrayList<>();
        for (Runnable next = held.poll(); next != null; next = held.poll()) {
            waiting.add(next);
        }
        waiting.forEach(Runnable::run);
    }

    @Override
    public SendResult send(Operation operation) throws Exception {
        try {
            return play(operation, ruleFor(operation)).get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception exception) {
                throw exception;
            }
            throw (Error) failure.getCause();
        }
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        Rule rule = ruleFor(operation);
        CompletableFuture<SendResult> result = play(operation, rule);
        if (!result.isDone() && !rule.deaf) {
            context.onCancel(() -> result.complete(CANCELLED));
        }
        return result;
    }

    private CompletableFuture<SendResult> play(Operation operation, Rule rule) {
        int call = calls.incrementAndGet();
        if (closed) {
            return CompletableFuture.completedFuture(CLOSED);
        }
        remember(operation);
        CompletableFuture<SendResult> result = new CompletableFuture<>();
        rule.script.play(operation, this, result);
        if (!result.isDone()) {
            endOnClose(call, result);
        }
        return result;
    }

    private void endOnClose(int call, CompletableFuture<SendResult> result) {
        runningByCall.put(call, result);
        var unused = result.whenComplete((answer, failure) -> runningByCall.remove(call));
        if (closed) {
            result.complete(CLOSED);
        }
    }

    private void remember(Operation operation) {
        synchronized (sentLock) {
            if (sent.size() == REMEMBERED) {
                sent.removeFirst();
            }
            sent.addLast(operation);
        }
    }

    private Rule ruleFor(Operation operation) {
        Rule forTarget = rulesByTarget.get(operation.target());
        return forTarget != null ? forTarget : rulesByKind.getOrDefault(operation.kind(), defaultRule);
    }

    /** Ends the sends that are running, and all later ones, with a retryable result. */
    @Override
    public void close() {
        closed = true;
        runningByCall.values().forEach(result -> result.complete(CLOSED));
        held.clear();
    }

    /** Runs an action once some time has passed. */
    @FunctionalInterface
    public interface Scheduler {
        /** Runs {@code action} after {@code delay}, on any thread, without blocking the caller. */
        void after(Duration delay, Runnable action);
    }

    /** What happens to one send. Immutable but for {@link #timesThen}, which counts; may be set in several places. */
    public static final class Rule {
        private final Script script;
        private final boolean deaf;

        private Rule(Script script) {
            this(script, false);
        }

        private Rule(Script script, boolean deaf) {
            this.script = script;
            this.deaf = deaf;
        }

        /** Delivers. */
        public static Rule ok() {
            return of(SendResult.delivered());
        }

        /** Fails in a way that another attempt may mend, charged to the operation. */
        public static Rule retryable(String error) {
            return of(SendResult.retryable(error));
        }

        /** Fails for good. */
        public static Rule permanent(String error) {
            return of(SendResult.permanent(error));
        }

        /** Answers with any result, such as one that is released or asks for a wait. */
        public static Rule of(SendResult answer) {
            Objects.requireNonNull(answer);
            return new Rule((operation, transport, result) -> result.complete(answer));
        }

        /** Throws out of {@code send}, or completes the stage of {@code sendAsync} with the exception or error. */
        public static Rule throwing(Supplier<? extends Throwable> failure) {
            return new Rule((operation, transport, result) -> result.completeExceptionally(failure.get()));
        }

        /** A rule that hangs until {@link FakeTransport#release}, or is cancelled, and then does as this one does. */
        public Rule heldUntilReleased() {
            return new Rule((operation, transport, result) ->
                    transport.held.add(() -> script.play(operation, transport, result)));
        }

        /** As {@link #heldUntilReleased}, but deaf to cancellation, as a badly written transport is. */
        public Rule deafUntilReleased() {
            return new Rule(heldUntilReleased().script, true);
        }

        /** A rule that lets some time pass, and then does as this one does. */
        public Rule after(Duration latency) {
            return new Rule((operation, transport, result) ->
                    transport.scheduler.after(latency, () -> script.play(operation, transport, result)));
        }

        /**
         * A rule that does as this one does the first {@code times} that an operation is sent, and from then on as the
         * next one does: {@code Rule.retryable("busy").timesThen(3, Rule.ok())}. It counts by operation id.
         */
        public Rule timesThen(int times, Rule next) {
            Map<String, Integer> sends = new HashMap<>();
            return new Rule((operation, transport, result) -> {
                int send;
                synchronized (sends) {
                    send = sends.merge(operation.id(), 1, Integer::sum);
                }
                (send <= times ? this : next).script.play(operation, transport, result);
            });
        }

        /** Completes the result of one send, now or later. */
        private interface Script {
            void play(Operation operation, FakeTransport transport, CompletableFuture<SendResult> result);
        }
    }
}
