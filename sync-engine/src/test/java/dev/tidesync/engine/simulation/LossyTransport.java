package dev.tidesync.engine.simulation;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.engine.simulation.Scenario.NetworkFaults;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A transport over a bad network: requests and replies are lost, the receiver refuses, the plugin itself breaks. */
final class LossyTransport implements ISyncTransport {
    private final RandomGenerator random;
    private final Oracle oracle;
    private final Receiver receiver;
    private final Consumer<Operation> beforeSend;
    private NetworkFaults faults;

    /** A transport that calls {@code beforeSend} on the engine's thread before each attempt. */
    LossyTransport(RandomGenerator random, NetworkFaults faults, Oracle oracle, Consumer<Operation> beforeSend) {
        this.random = random;
        this.faults = faults;
        this.oracle = oracle;
        this.receiver = new Receiver(oracle);
        this.beforeSend = beforeSend;
    }

    /** From now on every send is delivered. */
    void mend() {
        faults = NetworkFaults.NONE;
    }

    boolean online() {
        return random.nextDouble() >= faults.offline();
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        SendResult result = send(operation);
        if (!result.ok() && !result.retryable()) {
            oracle.refusedForGood(operation.id());
        }
        return CompletableFuture.completedFuture(result);
    }

    @Override
    public SendResult send(Operation operation) {
        beforeSend.accept(operation);
        oracle.sending(operation);
        SendResult result = attempt(operation);
        oracle.told(operation.id(), result);
        return result;
    }

    private SendResult attempt(Operation operation) {
        if (random.nextDouble() < faults.broken()) {
            throw new IllegalStateException("a plugin that breaks");
        }
        if (random.nextDouble() < faults.lostRequest()) {
            return failure("request lost");
        }
        if (random.nextDouble() < faults.refused()) {
            return SendResult.permanent("refused");
        }
        receiver.receive(operation);
        return random.nextDouble() < faults.lostReply()
                ? failure("reply lost").withAmbiguous(true)
                : SendResult.delivered();
    }

    private SendResult failure(String error) {
        SendResult failure = SendResult.retryable(error);
        if (random.nextInt(4) == 0) {
            failure = failure.withScope(random.nextBoolean() ? SendResult.Scope.TARGET : SendResult.Scope.NETWORK);
        }
        return random.nextInt(6) == 0 ? failure.withRetryAfter(Duration.ofSeconds(random.nextInt(60))) : failure;
    }
}
