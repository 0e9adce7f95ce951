package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** An asynchronous transport that answers at once, as it is told, and remembers what it was given. */
final class ScriptedTransport implements ISyncTransport {
    private final List<Operation> sent = new CopyOnWriteArrayList<>();
    private volatile Function<Operation, CompletionStage<SendResult>> script = answering(SendResult.delivered());

    private static Function<Operation, CompletionStage<SendResult>> answering(SendResult result) {
        return operation -> CompletableFuture.completedFuture(result);
    }

    ScriptedTransport answer(SendResult result) {
        script = answering(result);
        return this;
    }

    ScriptedTransport answer(Function<Operation, SendResult> answers) {
        script = operation -> CompletableFuture.completedFuture(answers.apply(operation));
        return this;
    }

    ScriptedTransport run(Function<Operation, CompletionStage<SendResult>> newScript) {
        script = newScript;
        return this;
    }

    /** What was sent, in order. */
    List<String> sentTexts() {
        return sent.stream().map(Operation::payloadText).toList();
    }

    int calls() {
        return sent.size();
    }

    @Override
    public SendResult send(Operation operation) {
        throw new AssertionError("the engine is expected to send asynchronously");
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        sent.add(operation);
        return script.apply(operation);
    }
}
