package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidesync.api.SendResult;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect.CloseSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** A secret of which no trace may be found in results, texts and logs, whatever goes wrong. */
class SecretsIT {
    private static final String CANARY = "c4nary-t0ken";

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Logger slf4j = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final java.util.logging.Logger okhttp = java.util.logging.Logger.getLogger("okhttp3");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final Handler records = new Records();
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        events.start();
        slf4j.addAppender(events);
        slf4j.setLevel(Level.TRACE);
        okhttp.addHandler(records);
        okhttp.setLevel(java.util.logging.Level.ALL);
        http = HttpFixture.start();
    }

    @AfterEach
    void stop() {
        http.close();
        slf4j.detachAppender(events);
        slf4j.setLevel(Level.INFO);
        okhttp.removeHandler(records);
        okhttp.setLevel(null);
    }

    @ParameterizedTest
    @CsvSource({
        "bearer, c4nary-t0ken", "basic, c4nary-t0ken", "api-key, c4nary-t0ken",
        "bearer, 'c4nary-t0ken\nX: y'", "api-key, 'c4nary-t0ken\nX: y'", "api-key, 'c4nary-t0ken\u00fc'"
    })
    void aSecretIsNowhereToBeFound(String type, String secret) throws Exception {
        http.environment.put("SECRET", secret);
        http.with(
                "auth.type",
                type,
                "auth.token",
                "${env:SECRET}",
                "auth.username",
                "me",
                "auth.password",
                "${env:SECRET}");

        StringBuilder seen = new StringBuilder(http.transport().toString());
        seen.append(send(401)).append(send(403)).append(send(500));
        seen.append(http.answer(echoing()).send("http.post", "{}"));
        seen.append(http.answer(new MockResponse.Builder()
                        .onResponseStart(new CloseSocket())
                        .build())
                .send("http.post", "{}"));
        seen.append(http.send(HttpFixture.operation("http.post", "http://me:" + CANARY + "@127.0.0.1/?" + CANARY, "")
                .build()));
        events.list.forEach(event -> logged.add(event.getFormattedMessage()));

        assertThat(seen).doesNotContain(CANARY);
        assertThat(logged).isNotEmpty().noneMatch(line -> line.contains(CANARY));
    }

    private SendResult send(int status) {
        http.advance(Duration.ofMinutes(2));
        return http.answer(status).send("http.post", "{}");
    }

    /** A server that quotes what it was shown. */
    private static MockResponse echoing() {
        return HttpFixture.response(400, "Content-Type: application/problem+json")
                .body("{\"title\": \"no such token: " + CANARY + "\", \"detail\": \"" + CANARY + "\"}")
                .build();
    }

    private final class Records extends Handler {
        @Override
        public void publish(LogRecord record) {
            logged.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
