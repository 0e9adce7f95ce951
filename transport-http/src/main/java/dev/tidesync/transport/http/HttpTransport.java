package dev.tidesync.transport.http;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import dev.tidesync.spi.ISyncTransport;
import dev.tidesync.spi.SendContext;
import dev.tidesync.spi.TransportContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Delivers operations as HTTP requests, exactly one request an attempt. Safe for use by several threads; requests run
 * on daemon threads of its own.
 */
final class HttpTransport implements ISyncTransport {
    private final HttpConfig config;
    private final RequestFactory requests;
    private final Outcomes outcomes;
    private final HttpCalls calls;

    HttpTransport(HttpConfig config, TransportContext context) {
        RefusedCredentials refusedCredentials =
                new RefusedCredentials(context.clock(), config.outcomes().blockedProbe());
        GzipPolicy gzip = new GzipPolicy(config.gzip());
        this.config = config;
        this.requests = new RequestFactory(config, refusedCredentials, gzip);
        this.outcomes = new Outcomes(
                config.outcomes(), new StatusClassifier(config.outcomes(), context.clock()), refusedCredentials, gzip);
        this.calls = new HttpCalls(
                HttpClients.create(config, context.instanceName()),
                config.limits().perOrigin());
    }

    /**
     * {@inheritDoc}
     *
     * @throws InterruptedException if the waiting thread is interrupted; the request is then cancelled
     */
    @Override
    public SendResult send(Operation operation) throws InterruptedException, ExecutionException {
        SendContext context = new LoneContext(operation.attempt());
        try {
            HttpAttempt attempt = attempt(operation, context);
            calls.start(attempt, timeLimit(context));
            return await(attempt);
        } catch (UnsendableException unsendable) {
            return patient(unsendable.result());
        }
    }

    private static SendResult await(HttpAttempt attempt) throws InterruptedException, ExecutionException {
        try {
            return attempt.result().get();
        } catch (InterruptedException interrupted) {
            attempt.cancel();
            throw interrupted;
        }
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Operation operation, SendContext context) {
        try {
            HttpAttempt attempt = attempt(operation, context);
            context.onCancel(attempt::cancel); // before it starts: one that is cancelled by now must not begin
            calls.start(attempt, timeLimit(context));
            return attempt.result();
        } catch (UnsendableException unsendable) {
            return CompletableFuture.completedFuture(patient(unsendable.result()));
        }
    }

    /** What waits for a person is asked again slowly, unless a time is known. */
    private SendResult patient(SendResult result) {
        boolean wait = result.retryable() && result.retryAfter().isEmpty();
        return wait ? result.withRetryAfter(config.outcomes().blockedProbe()) : result;
    }

    private HttpAttempt attempt(Operation operation, SendContext context) throws UnsendableException {
        return new HttpAttempt(
                requests.prepare(operation, context),
                calls,
                outcomes,
                config.limits().responseBytes());
    }

    private Duration timeLimit(SendContext context) {
        Duration timeLeft = context.timeLeft();
        Duration callTimeout = config.limits().callTimeout();
        return timeLeft.compareTo(callTimeout) < 0 ? timeLeft : callTimeout;
    }

    /** Cancels what is in flight, which then ends uncharged, and lets threads and connections go without waiting. */
    @Override
    public void close() {
        calls.close();
    }
}
