package dev.tidesync.transport.http;

import dev.tidesync.api.SendResult;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way, and the result it will have. OkHttp reports its end on a thread of the dispatcher; any thread
 * may cancel it.
 */
final class HttpAttempt implements Callback {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAttempt.class);

    private final PreparedRequest prepared;
    private final HttpCalls calls;
    private final Outcomes outcomes;
    private final int maxResponseBytes;
    private final CallProgress progress = new CallProgress();
    private final Call call;
    private final CompletableFuture<SendResult> result = new CompletableFuture<>();
    private volatile boolean cancelled;

    HttpAttempt(PreparedRequest prepared, HttpCalls calls, Outcomes outcomes, int maxResponseBytes) {
        this.prepared = prepared;
        this.calls = calls;
        this.outcomes = outcomes;
        this.maxResponseBytes = maxResponseBytes;
        this.call = calls.newCall(prepared.request()
                .newBuilder()
                .tag(CallProgress.class, progress)
                .build());
    }

    String origin() {
        return prepared.origin();
    }

    CompletableFuture<SendResult> result() {
        return result;
    }

    /** Begins to send, unless it was cancelled; says whether it did. */
    boolean begin(Duration limit) {
        if (cancelled) {
            calls.ended(this);
            return false;
        }
        call.timeout().timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
        call.enqueue(this);
        return true;
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
        calls.ended(this);
        result.complete(outcome);
    }

    @Override
    public void onResponse(Call answered, Response response) {
        callEnded(() -> outcomes.answered(readAndClose(response), prepared));
    }

    @Override
    public void onFailure(Call failed, IOException failure) {
        boolean begun = progress.requestBegun();
        callEnded(() -> cancelled ? outcomes.cancelled(prepared, begun) : outcomes.failed(failure, prepared, begun));
    }

    /** The turn is given back before the result is known, since that may lead to the next request. */
    private void callEnded(Supplier<SendResult> judgement) {
        SendResult outcome = judge(judgement);
        calls.callEnded(this);
        end(outcome);
    }

    /** A bug must not leave the operation in flight: it is charged, as an exception out of send would be. */
    private SendResult judge(Supplier<SendResult> judgement) {
        try {
            return judgement.get();
        } catch (RuntimeException bug) {
            LOG.error("cannot judge how {} ended", prepared, bug);
            return Verdict.RETRY_AMBIGUOUS.result("http.bug", "cannot judge how " + prepared + " ended; see the log");
        }
    }

    /** Closed before the result is known, so that the next request finds the connection free. */
    private HttpAnswer readAndClose(Response response) {
        try (response) {
            return HttpAnswer.read(response, maxResponseBytes);
        }
    }
}
