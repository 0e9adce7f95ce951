package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * One request on its way, and the result it will have. OkHttp reports its end on a thread of the dispatcher; any thread
 * may cancel it.
 */
final class HttpAttempt implements Callback {
    private final PreparedRequest prepared;
    private final Outcomes outcomes;
    private final int maxResponseBytes;
    private final CallProgress progress = new CallProgress();
    private final Call call;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private final Consumer<HttpAttempt> atEnd;
    private volatile boolean cancelled;

    /**
     * An attempt that has not begun.
     *
     * @param atEnd told once the result is known, before anyone who waits for the result
     */
    HttpAttempt(
            PreparedRequest prepared,
            OkHttpClient client,
            Outcomes outcomes,
            int maxResponseBytes,
            Consumer<HttpAttempt> atEnd) {
        this.prepared = prepared;
        this.outcomes = outcomes;
        this.maxResponseBytes = maxResponseBytes;
        this.atEnd = atEnd;
        this.call = client.newCall(prepared.request()
                .newBuilder()
                .tag(CallProgress.class, progress)
                .build());
    }

    /** Sends the request as soon as its host has a place free; the limit counts from then. */
    void enqueue(Duration limit) {
        call.timeout().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        call.enqueue(this);
    }

    CompletableFuture<SendResult> result() {
        return result;
    }

    /** Gives the attempt up. One that has not begun to send ends here and now, even if it waits for a turn. */
    void cancel() {
        cancelled = true;
        call.cancel();
        if (!progress.requestBegun()) {
            end(outcomes.cancelled(prepared, false));
        }
    }

    private void end(SendResult outcome) {
        atEnd.accept(this);
        result.complete(outcome);
    }

    @Override
    public void onResponse(Call answered, Response response) {
        try {
            end(outcomes.answered(readAndClose(response), prepared));
        } catch (RuntimeException | Error bug) {
            atEnd.accept(this);
            result.completeExceptionally(bug);
            throw bug;
        }
    }

    /** Closed before the result is known, so that the next request finds the connection free. */
    private HttpAnswer readAndClose(Response response) {
        try (response) {
            return HttpAnswer.read(response, maxResponseBytes);
        }
    }

    @Override
    public void onFailure(Call failed, IOException failure) {
        boolean begun = progress.requestBegun();
        result.complete(cancelled ? outcomes.cancelled(prepared, begun) : outcomes.failed(failure, prepared, begun));
    }
}
