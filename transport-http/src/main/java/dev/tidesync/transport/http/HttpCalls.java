package dev.tidesync.transport.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Sends requests, so many an origin at a time, until it is closed. Safe for use by several threads. */
final class HttpCalls implements AutoCloseable {
    private final OkHttpClient client;
    private final Turns turns;
    private final Set<HttpAttempt> inFlight = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    HttpCalls(OkHttpClient client, int perOrigin) {
        this.client = client;
        this.turns = new Turns(perOrigin);
    }

    Call newCall(Request request) {
        return client.newCall(request);
    }

    /** Sends the request as soon as its origin has a turn free; the limit counts from then. */
    void start(HttpAttempt attempt, Duration limit) {
        inFlight.add(attempt);
        // Looked at after joining those in flight, so that close() sees this attempt or this sees close().
        if (closed || limit.toMillis() <= 0) {
            attempt.cancel();
        } else {
            turns.take(attempt.origin(), () -> attempt.begin(limit));
        }
    }

    /** The attempt's result is known. */
    void ended(HttpAttempt attempt) {
        inFlight.remove(attempt);
    }

    /** The attempt's call, which had begun, is over. */
    void callEnded(HttpAttempt attempt) {
        turns.giveBack(attempt.origin());
    }

    /** Cancels what is in flight and lets threads and connections go, without waiting for them. */
    @Override
    public void close() {
        closed = true;
        inFlight.forEach(HttpAttempt::cancel);
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
