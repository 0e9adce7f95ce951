package dev.tidesync.tck;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.SyncSpi;
import dev.tidesync.spi.SyncTransportProvider;
import dev.tidesync.spi.TransportContext;
import dev.tidesync.spi.TransportDescriptor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** A plugin that keeps every rule; the bad ones override what they break. */
public class SoundProvider implements SyncTransportProvider {
    /** The other side: what was taken. */
    final List<Received> taken = new CopyOnWriteArrayList<>();

    @Override
    public TransportDescriptor descriptor() {
        return TransportDescriptor.builder("sound", SyncSpi.LEVEL)
                .kindPrefix("sound.")
                .build();
    }

    @Override
    public ISyncTransport create(TransportContext context) {
        return new SoundTransport(taken);
    }

    /** Delivers into a list; the target says what else happens. */
    static class SoundTransport implements ISyncTransport {
        private final List<Received> taken;
        private final List<CompletableFuture<SendResult>> hanging = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        SoundTransport(List<Received> taken) {
            this.taken = taken;
        }

        @Override
        public SendResult send(Operation operation) throws Exception {
            try {
                return begin(operation).get();
            } catch (ExecutionException failure) {
                throw new AssertionError(failure);
            }
        }

        @Override
        public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
            CompletableFuture<SendResult> result = begin(operation);
            context.onCancel(() -> result.complete(SendResult.retryable("cancelled")));
            return result;
        }

        final CompletableFuture<SendResult> begin(Operation operation) {
            CompletableFuture<SendResult> result = new CompletableFuture<>();
            if (closed) {
                result.complete(SendResult.retryable("closed"));
            } else if (operation.target().equals("/unanswered")) {
                hanging.add(result);
            } else {
                result.complete(answer(operation));
            }
            return result;
        }

        SendResult answer(Operation operation) {
            return switch (operation.target()) {
                case "/unreachable" -> SendResult.retryable("unreachable");
                case "/malformed" -> SendResult.permanent("malformed");
                case "/refused" -> SendResult.permanent("refused");
                default -> take(operation);
            };
        }

        SendResult take(Operation operation) {
            taken.add(Received.of(operation.payload(), operation.idempotencyKey()));
            return SendResult.delivered();
        }

        @Override
        public void close() {
            closed = true;
            endHanging();
        }

        void endHanging() {
            hanging.forEach(result -> result.complete(SendResult.retryable("closed")));
        }
    }
}
