package dev.tidesync.benchmarks;

import com.sun.net.httpserver.HttpServer;
import dev.tidesync.engine.SyncConfiguration;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.outbox.Outbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Deliveries to an HTTP server in this process, against bare OkHttp posting as much to the same server. */
final class HttpDelivery {
    private static final int COUNT = 5_000;
    private static final int IN_FLIGHT = 16;

    private HttpDelivery() {}

    static void run(Path directory) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/messages";
        try {
            measure(directory, url);
        } finally {
            server.stop(0);
            threads.shutdown();
        }
    }

    private static void measure(Path directory, String url) throws Exception {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequestsPerHost(IN_FLIGHT);
        OkHttpClient client = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool())
                .build();
        postBare(client, url);
        double bare = Rate.median(() -> postBare(client, url));
        Rate.print("bare OkHttp, " + IN_FLIGHT + " in flight", bare);
        dispatcher.executorService().shutdown();

        SyncConfiguration configuration = SyncConfiguration.of(Map.of(
                "engine.in-flight-window", String.valueOf(IN_FLIGHT),
                "engine.batch-limit", "256",
                "http.max-concurrency-per-host", String.valueOf(IN_FLIGHT)));
        try (SyncEngine engine = SyncEngine.open(directory, configuration)) {
            deliver(engine, url);
            Rate.print(
                    "deliveries, " + IN_FLIGHT + " in flight (includes enqueueAll)",
                    Rate.median(() -> deliver(engine, url)),
                    bare);
        }
    }

    private static int postBare(OkHttpClient client, String url) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(COUNT);
        for (int i = 0; i < COUNT; i++) {
            RequestBody body =
                    RequestBody.create(Bench.operation("http.post", url).payload());
            client.newCall(new Request.Builder().url(url).post(body).build()).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException failure) {
                    answered.countDown();
                }

                @Override
                public void onResponse(Call call, Response response) {
                    response.close();
                    answered.countDown();
                }
            });
        }
        answered.await();
        return COUNT;
    }

    private static int deliver(SyncEngine engine, String url) {
        Outbox outbox = engine.outbox();
        Bench.fill(outbox, COUNT, "http.post", url);
        engine.start();
        Delivery.awaitDrained(outbox.store());
        engine.stop();
        return COUNT;
    }
}
