package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.SendResult;
import dev.tidesync.api.SendResult.Scope;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import mockwebserver3.SocketEffect.CloseSocket;
import mockwebserver3.SocketEffect.CloseStream;
import okhttp3.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that fails at each stage of a request. */
class FaultIT {
    private static final SocketEffect RESET = new CloseSocket();
    private static final String PAYLOAD = "x".repeat(100_000);

    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @Test
    void aPortWhereNobodyListensIsTheDestinations() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }

        expect(sendTo("http://127.0.0.1:" + port + "/"), "io.connect", Scope.TARGET, false);
    }

    @Test
    void aNameThatDoesNotResolveIsTheDestinations() {
        expect(sendTo("https://no-such-host.invalid/"), "io.dns", Scope.TARGET, false);
    }

    @Test
    void aResetBeforeTheRequestIsReadIsAmbiguousSinceBytesWereSent() {
        http.answer(new MockResponse.Builder().onRequestStart(RESET).build());

        expect(http.send("http.post", "{}"), "io.reset", Scope.OPERATION, true);
    }

    @Test
    void aResetDuringTheRequestBodyIsAmbiguous() {
        http.answer(new MockResponse.Builder().onRequestBody(RESET).build());

        expect(http.send("http.post", PAYLOAD), "io.reset", Scope.OPERATION, true);
    }

    @Test
    void aResetInsteadOfAnAnswerIsAmbiguous() {
        http.answer(new MockResponse.Builder().onResponseStart(RESET).build());

        expect(http.send("http.post", "{}"), "io.reset", Scope.OPERATION, true);
    }

    @Test
    void aResetWithinTheHeadersIsAmbiguous() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> {
            RawServer.write(socket, "HTTP/1.1 200 OK\r\nContent-Le");
            socket.close();
        })) {
            expect(sendTo(server.url()), "io.reset", Scope.OPERATION, true);
        }
    }

    @Test
    void aResetAfterASuccessStatusDoesNotUndoTheSuccess() {
        http.answer(
                new MockResponse.Builder().body(PAYLOAD).onResponseBody(RESET).build());

        assertThat(http.send("http.post", "{}")).isEqualTo(SendResult.delivered());
    }

    @Test
    void aResetWithinAnErrorsBodyLeavesItsStatus() {
        http.answer(HttpFixture.response(422, "Content-Type: application/json")
                .body("{\"title\": \"" + PAYLOAD + "\"}")
                .onResponseBody(RESET)
                .build());

        assertThat(http.send("http.post", "{}").code()).isEqualTo("http.422");
    }

    @Test
    void silenceAfterTheRequestIsAmbiguous() throws Exception {
        http.with("read-timeout", "200ms").answer(stalled());

        expect(http.send("http.post", "{}"), "io.timeout", Scope.OPERATION, true);
    }

    @Test
    void theCallTimeoutEndsAnAttempt() throws Exception {
        http.with("call-timeout", "200ms").answer(stalled());

        expect(http.send("http.post", "{}"), "io.timeout", Scope.OPERATION, true);
    }

    @Test
    void theEnginesDeadlineEndsAnAttemptThoughTheCallTimeoutIsLonger() {
        http.answer(stalled());

        SendResult result = http.send(
                HttpFixture.operation("http.post", "/", "").build(),
                new AttemptContext().timeLeft(Duration.ofMillis(200)));

        expect(result, "io.timeout", Scope.OPERATION, true);
    }

    @Test
    void anAttemptWithoutTimeLeftSendsNothing() {
        SendResult result = http.send(
                HttpFixture.operation("http.post", "/", "").build(), new AttemptContext().timeLeft(Duration.ZERO));

        expect(result, "io.cancelled", Scope.TARGET, false);
        assertThat(http.server.getRequestCount()).isZero();
    }

    @Test
    void aDyingPooledConnectionDoesNotSendTheRequestTwice() throws Exception {
        try (RawServer server = new RawServer((socket, request) -> {
            if (request.number() == 2) {
                socket.close();
            } else {
                RawServer.write(socket, "HTTP/1.1 204 No Content\r\n\r\n");
            }
        })) {
            assertThat(sendTo(server.url()).ok()).isTrue();

            expect(sendTo(server.url()), "io.reset", Scope.OPERATION, true);
            assertThat(server.requests()).isEqualTo(2);
        }
    }

    @Test
    void aStreamThatHttp2RefusedUnreadIsNotAmbiguous() throws Exception {
        http2();
        http.answer(
                new MockResponse.Builder().onRequestStart(new CloseStream(0x7)).build());

        expect(http.send("http.post", "{}"), "io.refused", Scope.OPERATION, false);
    }

    @Test
    void aStreamThatHttp2ResetOtherwiseIsAmbiguous() throws Exception {
        http2();
        http.answer(
                new MockResponse.Builder().onRequestStart(new CloseStream(0x2)).build());

        expect(http.send("http.post", "{}"), "io.reset", Scope.OPERATION, true);
    }

    @Test
    void anAmbiguousAttemptWithoutAKeyIsPermanentIfItMustNotBeRepeated() throws Exception {
        http.with("retry.ambiguous", "false", "idempotency.style", "none");
        MockResponse broken = new MockResponse.Builder().onResponseStart(RESET).build();

        SendResult post = http.answer(broken).send("http.post", "{}");
        SendResult put = http.answer(broken).send("http.put", "{}");

        assertThat(post.retryable()).isFalse();
        assertThat(post.code()).isEqualTo("http.unknown-outcome");
        assertThat(put.retryable()).isTrue();
    }

    private void http2() throws Exception {
        TlsFixture tls = TlsFixture.trusted();
        http.server.setProtocols(java.util.List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
        tls.serve(http);
    }

    private static MockResponse stalled() {
        return new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build();
    }

    private SendResult sendTo(String url) {
        return http.send(HttpFixture.operation("http.post", url, "{}").build());
    }

    private static void expect(SendResult result, String code, Scope scope, boolean ambiguous) {
        assertThat(result.retryable()).as(result.toString()).isTrue();
        assertThat(result.code()).as(result.toString()).isEqualTo(code);
        assertThat(result.scope()).isEqualTo(scope);
        assertThat(result.ambiguous()).isEqualTo(ambiguous);
    }
}
