package dev.tidesync.engine;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Questions of other threads about what is confined to the step; the next step answers them.
 *
 * <p><b>Threads:</b> safe for use by many; {@link #answerAll} is the step's.
 */
final class Inquiries {
    private final Queue<Runnable> open = new ConcurrentLinkedQueue<>();

    /** Asks something that only looks; what it throws fails the answer. */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        open.add(() -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException | Error failure) {
                answer.completeExceptionally(failure);
            }
        });
        return answer;
    }

    void answerAll() {
        for (Runnable question = open.poll(); question != null; question = open.poll()) {
            question.run();
        }
    }
}
