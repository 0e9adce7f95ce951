package dev.tidesync.transport.http;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Hides every answer's status from OkHttp, so that none makes it send a second request or fail.
 *
 * <p>Read in OkHttp 5.5.1, {@code RetryAndFollowUpInterceptor}: whatever the client's settings, a 503 with
 * {@code Retry-After: 0} is sent again if the request has no body; a 407 without a proxy throws; and a 503 whose
 * {@code Retry-After} exceeds an int throws on the dispatcher's thread. As a network interceptor, this class stands
 * between the wire and that code.
 */
final class NoFollowUps implements Interceptor {
    private static final String REAL_STATUS = "Tidesync-Real-Status";
    private static final int NOTHING_TO_FOLLOW = 200;

    @Override
    public Response intercept(Chain chain) throws IOException {
        Response answer = chain.proceed(chain.request());
        return answer.newBuilder()
                .code(NOTHING_TO_FOLLOW)
                .header(REAL_STATUS, Integer.toString(answer.code()))
                .build();
    }

    /** The status that the receiver sent. */
    static int statusOf(Response response) {
        String status = response.header(REAL_STATUS);
        if (status == null) {
            throw new AssertionError("the answer did not pass this interceptor: " + response.code());
        }
        return Integer.parseInt(status);
    }
}
