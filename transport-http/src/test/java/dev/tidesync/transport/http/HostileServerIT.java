package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that answer without end, slowly, or against the rules: each attempt ends soon and holds little memory. */
@Timeout(20)
class HostileServerIT {
    private static final String JSON_ERROR = "HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\n";

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start("call-timeout", "2s");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void anEndlessBodyOfASuccessIsNotRead() throws Exception {
        try (RawServer server = endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")) {
            assertThat(sendTo(server)).isEqualTo(SendResult.delivered());
        }
    }

    @Test
    void anEndlessBodyOfAnErrorIsReadToTheCap() throws Exception {
        try (RawServer server = endless(JSON_ERROR + "Transfer-Encoding: chunked\r\n\r\n")) {
            assertThat(sendTo(server).code()).isEqualTo("http.500");
        }
    }

    @Test
    void aCompressedBodyIsNotInflated() throws Exception {
        Buffer bomb = new Buffer();
        try (okio.BufferedSink sink = Okio.buffer(new GzipSink(bomb))) {
            for (int mib = 0; mib < 100; mib++) {
                sink.write(new byte[1 << 20]);
            }
        }
        http.answer(HttpFixture.response(500, "Content-Encoding: gzip", "Content-Type: application/json")
                .body(bomb)
                .build());

        assertThat(http.send("http.post", "{}").code()).isEqualTo("http.500");
        assertThat(http.server.takeRequest().getHeaders().get("Accept-Encoding"))
                .isEqualTo("identity");
    }

    @Test
    void aStatusLineThatDribblesEndsWithTheCallTimeout() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> dribble(socket, "HTTP/1.1 200 OK".repeat(100)))) {
            SendResult result = sendTo(server);

            assertThat(result.code()).isEqualTo("io.timeout");
            assertThat(result.ambiguous()).isTrue();
        }
    }

    @Test
    void anErrorBodyThatDribblesStillGivesItsStatus() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> {
            RawServer.write(socket, JSON_ERROR + "Content-Length: 1000\r\n\r\n");
            dribble(socket, " ".repeat(1000));
        })) {
            assertThat(sendTo(server).code()).isEqualTo("http.500");
        }
    }

    @Test
    void aBodyShorterThanItsLengthStillGivesItsStatus() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> {
            RawServer.write(socket, JSON_ERROR + "Content-Length: 1000\r\n\r\n{}");
            socket.close();
        })) {
            assertThat(sendTo(server).code()).isEqualTo("http.500");
        }
    }

    @Test
    void aBodyLongerThanItsLengthIsNoAnswerToTheNextRequest() throws Exception {
        String smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server =
                RawServer.writing("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n" + smuggled.repeat(3))) {
            assertThat(sendTo(server).code()).isEqualTo("http.503");
        }
    }

    @Test
    void endlessHeadersAreCutOff() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> {
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n");
            flood(socket, "X-Filler: " + "f".repeat(1000) + "\r\n");
        })) {
            SendResult result = sendTo(server);

            assertThat(result.ok()).isFalse();
            assertThat(result.retryable()).isTrue();
            assertThat(result.ambiguous()).isTrue();
        }
    }

    @Test
    void anEndlessStatusLineIsCutOff() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> flood(socket, "HTTP/1.1 200 "))) {
            assertThat(sendTo(server).retryable()).isTrue();
        }
    }

    @Test
    void aFloodOfInformationalAnswersEndsWithTheCallTimeout() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> flood(socket, "HTTP/1.1 103 Early Hints\r\n\r\n"))) {
            SendResult result = sendTo(server);

            assertThat(result.retryable()).isTrue();
            assertThat(result.ambiguous()).isTrue();
        }
    }

    @Test
    void informationalAnswersBeforeTheRealOneAreSkipped() throws Exception {
        try (RawServer server = RawServer.writing(
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")) {
            assertThat(sendTo(server)).isEqualTo(SendResult.delivered());
        }
    }

    @Test
    void anUpgradeNobodyAskedForIsNoDelivery() throws Exception {
        try (RawServer server =
                RawServer.writing("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")) {
            SendResult result = sendTo(server);

            assertThat(result.ok()).isFalse();
            assertThat(result.retryable()).isTrue();
        }
    }

    @Test
    void anAnswerThatIsNotHttpIsNoDelivery() throws Exception {
        try (RawServer server = RawServer.writing("SSH-2.0-OpenSSH_9.2\r\n")) {
            SendResult result = sendTo(server);

            assertThat(result.code()).isEqualTo("io.protocol");
            assertThat(result.ambiguous()).isTrue();
        }
    }

    @Test
    void anErrorTitleIsShortenedAndKeptOnOneLine() {
        http.answer(HttpFixture.response(400, "Content-Type: application/json")
                .body("{\"title\": \"line\\nbreak " + "long ".repeat(1000) + "\"}")
                .build());

        assertThat(http.send("http.post", "{}").error())
                .contains("line break")
                .hasSizeLessThanOrEqualTo(300)
                .doesNotContain("\n");
    }

    @Test
    void aSlowServerDoesNotHoldUpAnother() throws Exception {
        http.with("call-timeout", "30s");
        try (RawServer silent = new RawServer((socket, request) -> {})) {
            for (int i = 0; i < 20; i++) {
                var unused = http.transport()
                        .sendAsync(
                                HttpFixture.operation("http.post", silent.url(), "{}")
                                        .build(),
                                new AttemptContext());
            }
            http.answer(HttpFixture.response(200).build());

            SendResult result = http.transport()
                    .sendAsync(HttpFixture.operation("http.post", "/", "{}").build(), new AttemptContext())
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);

            assertThat(result).isEqualTo(SendResult.delivered());
        }
    }

    private static RawServer endless(String head) throws IOException {
        return new RawServer((socket, request) -> {
            RawServer.write(socket, head);
            flood(socket, "1000\r\n" + " ".repeat(0x1000) + "\r\n");
        });
    }

    /** Writes until the client has gone. */
    private static void flood(Socket socket, String text) throws IOException {
        while (true) {
            RawServer.write(socket, text);
        }
    }

    /** Writes a character each 50 ms, waited out in reads that time out. */
    private static void dribble(Socket socket, String text) throws IOException {
        socket.setSoTimeout(50);
        for (int i = 0; i < text.length(); i++) {
            RawServer.write(socket, text.substring(i, i + 1));
            try {
                if (socket.getInputStream().read() < 0) {
                    return;
                }
            } catch (SocketTimeoutException itIsTime) {
                // For the next character.
            }
        }
    }

    private SendResult sendTo(RawServer server) {
        return http.send(HttpFixture.operation("http.post", server.url(), "{}").build());
    }
}
