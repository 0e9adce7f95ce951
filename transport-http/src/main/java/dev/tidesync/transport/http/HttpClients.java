package dev.tidesync.transport.http;

import dev.tidesync.transport.http.HttpConfig.ClientLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Makes an OkHttp client that does what it is told, once. */
final class HttpClients {
    /** Over all hosts: so many that a dozen hosts which do not answer leave room for others. */
    private static final int MOST_REQUESTS = 256;

    /** Finds out that an HTTP/2 connection has died before the call timeout does. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(20);

    private static final Duration IDLE_THREAD_LIFE = Duration.ofSeconds(10);

    private HttpClients() {}

    static OkHttpClient create(HttpConfig config, String instanceName) {
        ClientLimits limits = config.limits();
        OkHttpClient.Builder client = new OkHttpClient.Builder()
                .dispatcher(dispatcher(instanceName))
                .callTimeout(limits.callTimeout())
                .connectTimeout(limits.connectTimeout())
                .readTimeout(limits.readTimeout())
                .writeTimeout(limits.readTimeout())
                .pingInterval(PING_INTERVAL)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .addNetworkInterceptor(new NoFollowUps())
                .proxyAuthenticator(HttpClients::refuseProxy)
                .eventListenerFactory(CallProgress::of)
                .dns(new Loopback(Dns.SYSTEM));
        config.trust().applyTo(client);
        return client.build();
    }

    private static Dispatcher dispatcher(String instanceName) {
        Dispatcher dispatcher = new Dispatcher(daemonThreads("tidesync-" + instanceName + "-"));
        dispatcher.setMaxRequests(MOST_REQUESTS);
        // Bounded by Turns instead.
        dispatcher.setMaxRequestsPerHost(MOST_REQUESTS);
        return dispatcher;
    }

    /** As many threads as requests, which the dispatcher bounds; they never keep the process alive. */
    private static ExecutorService daemonThreads(String namePrefix) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = task -> {
            Thread thread = new Thread(task, namePrefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_THREAD_LIFE.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                threads);
    }

    /** Asked before each tunnel, which is no refusal yet, and again when the proxy wants credentials. */
    private static @Nullable Request refuseProxy(@Nullable Route route, Response response) throws IOException {
        boolean isRefusal = response.challenges().stream()
                .noneMatch(challenge -> challenge.scheme().equalsIgnoreCase("OkHttp-Preemptive"));
        if (isRefusal) {
            throw new IOException("the proxy wants credentials (407), which this transport does not have");
        }
        return null;
    }
}
