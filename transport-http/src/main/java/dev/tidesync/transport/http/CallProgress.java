package dev.tidesync.transport.http;

import okhttp3.Call;
import okhttp3.EventListener;

/** Notes whether a call has begun to send its request, which decides whether the receiver may have acted on it. */
final class CallProgress extends EventListener {
    private volatile boolean requestBegun;

    /** The progress that was put on the call's request as a tag. */
    static EventListener of(Call call) {
        CallProgress progress = call.request().tag(CallProgress.class);
        return progress == null ? EventListener.NONE : progress;
    }

    @Override
    public void requestHeadersStart(Call call) {
        requestBegun = true;
    }

    /** Whether any byte of the request may have left this machine. */
    boolean requestBegun() {
        return requestBegun;
    }
}
