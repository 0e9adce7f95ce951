package dev.tidesync.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An HTTP server as operations meet it in life: it applies each idempotency key once, and lets one request in ten down
 * — with a 503, a 500, or by applying it and losing the reply. What happens goes into a log, one event a line.
 *
 * <p>Safe for use by many threads.
 */
public final class Receiver implements AutoCloseable {
    private static final int FAIL_EVERY = 10;
    private static final int THREADS = 32;

    /** As long as a quick service takes, so that a person sees the delivery go on. */
    private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Writer log;

    // guarded by this
    private final Set<String> appliedKeys = new HashSet<>();
    private int requests;

    private Receiver(HttpServer server, Writer log) {
        this.server = server;
        this.log = log;
    }

    /** Starts to listen on a port of the loopback interface. */
    public static Receiver start(int port, Path logFile) throws IOException {
        Writer log = Files.newBufferedWriter(logFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), THREADS);
        Receiver receiver = new Receiver(server, log);
        server.createContext("/", receiver::handle);
        server.setExecutor(receiver.threads);
        server.start();
        receiver.record(ReceiverLog.LISTENING, "-", "-");
        return receiver;
    }

    /** Serves until the stream ends, which it does when whoever holds its other end does. */
    public void serveUntilEndOf(InputStream in) throws IOException {
        in.transferTo(OutputStream.nullOutputStream());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String key = unquoted(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            String operation = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            LockSupport.parkNanos(WORK_NANOS);
            int status = receive(key, operation);
            if (status > 0) {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    /** RFC 8941 puts a string between quotes; the key is what is between them. */
    private static String unquoted(String header) {
        String key = Objects.requireNonNullElse(header, "");
        boolean quoted = key.length() >= 2 && key.startsWith("\"") && key.endsWith("\"");
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    /** Returns the status to reply, or 0 to lose the reply. */
    private synchronized int receive(String key, String operation) throws IOException {
        int request = requests++;
        if (key.isEmpty()) {
            return 400;
        }
        if (request % FAIL_EVERY != FAIL_EVERY - 1) {
            apply(key, operation);
            return 204;
        }
        return fail(request / FAIL_EVERY % 3, key, operation);
    }

    private int fail(int way, String key, String operation) throws IOException {
        if (way == 2) {
            apply(key, operation);
        }
        record(ReceiverLog.FAILURE, key, operation);
        return way == 0 ? 503 : way == 1 ? 500 : 0;
    }

    private void apply(String key, String operation) throws IOException {
        record(appliedKeys.add(key) ? ReceiverLog.EFFECT : ReceiverLog.REPEAT, key, operation);
    }

    private synchronized void record(String event, String key, String operation) throws IOException {
        log.write(event + " " + key + " " + operation + "\n");
        log.flush();
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdown();
        log.close();
    }
}
