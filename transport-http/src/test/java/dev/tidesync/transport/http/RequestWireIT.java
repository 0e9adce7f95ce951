package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.GzipSource;
import okio.Okio;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operation looks like to a server. */
class RequestWireIT {
    private HttpFixture http;

    @BeforeEach
    void start() throws Exception {
        http = HttpFixture.start();
    }

    @AfterEach
    void stop() {
        http.close();
    }

    @ParameterizedTest
    @CsvSource({
        "http.post, POST",
        "http.put, PUT",
        "http.patch, PATCH",
        "http.delete, DELETE",
        "http.billing.post, POST"
    })
    void theLastSegmentOfTheKindIsTheMethod(String kind, String method) throws Exception {
        RecordedRequest request = delivered(HttpFixture.operation(kind, "/messages", "{\"a\":1}"));

        assertThat(request.getMethod()).isEqualTo(method);
        assertThat(request.getTarget()).isEqualTo("/messages");
        assertThat(body(request)).isEqualTo("{\"a\":1}");
    }

    @Test
    void aGetCarriesNoBody() throws Exception {
        RecordedRequest request = delivered(HttpFixture.operation("http.get", "/state?since=3", ""));

        assertThat(request.getRequestLine()).isEqualTo("GET /state?since=3 HTTP/1.1");
        assertThat(request.getHeaders().get("Content-Type")).isNull();
        assertThat(request.getBodySize()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http.fetch", "http.", "http.post.extra"})
    void anUnknownKindIsPermanent(String kind) {
        SendResult result = http.send(kind, "");

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.kind");
        assertThat(http.server.getRequestCount()).isZero();
    }

    @Test
    void theKeyIsQuotedAndTheClientNamesItself() throws Exception {
        RecordedRequest request =
                delivered(HttpFixture.operation("http.post", "/", "x").idempotencyKey("say \"hi\" \\o/"));

        assertThat(request.getHeaders().get("Idempotency-Key")).isEqualTo("\"say \\\"hi\\\" \\\\o/\"");
        assertThat(request.getHeaders().get("User-Agent")).isEqualTo("Tidesync/1.2.3");
        assertThat(request.getHeaders().get("Accept-Encoding")).isEqualTo("identity");
    }

    @Test
    void theKeyMayBeRawAndItsHeaderAnother() throws Exception {
        http.with("idempotency.style", "raw", "idempotency.header", "PayPal-Request-Id");

        RecordedRequest request = delivered(HttpFixture.operation("http.post", "/", "x"));

        assertThat(request.getHeaders().get("PayPal-Request-Id")).isEqualTo("key-1");
        assertThat(request.getHeaders().get("Idempotency-Key")).isNull();
    }

    @Test
    void anOperationsHeadersArriveAsTheyAreAndReplaceTheConfigured() throws Exception {
        http.with("headers.X-Site", "north", "headers.X-Lane", "1");

        RecordedRequest request = delivered(HttpFixture.operation("http.post", "/", "{}")
                .header("Content-Type", "Application/JSON;Charset=x")
                .header("x-lane", "2")
                .header("User-Agent", "probe"));

        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("Application/JSON;Charset=x");
        assertThat(request.getHeaders().get("X-Site")).isEqualTo("north");
        assertThat(request.getHeaders().values("X-Lane")).containsExactly("2");
        assertThat(request.getHeaders().get("User-Agent")).isEqualTo("probe");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\": [1, 2]} | application/json",
                "42 | application/json",
                "hello | text/plain; charset=utf-8",
                "{\"a\": 1} {} | text/plain; charset=utf-8",
                "grüße | text/plain; charset=utf-8"
            })
    void aTextWithoutContentTypeIsJsonOrText(String payload, String contentType) throws Exception {
        RecordedRequest request = delivered(HttpFixture.operation("http.post", "/", payload));

        assertThat(request.getHeaders().get("Content-Type")).isEqualTo(contentType);
        assertThat(body(request)).isEqualTo(payload);
    }

    @Test
    void bytesWithoutContentTypeAreAnOctetStream() throws Exception {
        byte[] bytes = {(byte) 0xff, 0, 1, 2};

        RecordedRequest request =
                delivered(HttpFixture.operation("http.put", "/", "").payload(bytes));

        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(request.getBody().toByteArray()).isEqualTo(bytes);
    }

    @Test
    void anEnvelopeChoosesMethodHeadersAndBody() throws Exception {
        RecordedRequest request = delivered(HttpFixture.operation(
                "http.request",
                "/things/1",
                "{\"method\": \"report\", \"headers\": {\"Depth\": \"1\"}, \"body\": \"<report/>\"}"));

        assertThat(request.getRequestLine()).isEqualTo("REPORT /things/1 HTTP/1.1");
        assertThat(request.getHeaders().get("Depth")).isEqualTo("1");
        assertThat(body(request)).isEqualTo("<report/>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "POST", "REPORT", "PROPPATCH", "QUERY", "X-OWN"})
    void anEnvelopeMayHaveNoBodyWhateverItsMethod(String method) throws Exception {
        RecordedRequest request =
                delivered(HttpFixture.operation("http.request", "/", "{\"method\": \"" + method + "\"}"));

        assertThat(request.getMethod()).isEqualTo(method);
        assertThat(request.getBodySize()).isZero();
    }

    @Test
    void anEnvelopeCarriesBytesInBase64() throws Exception {
        RecordedRequest request = delivered(
                HttpFixture.operation("http.request", "/", "{\"method\": \"PUT\", \"body_base64\": \"e30=\"}"));

        assertThat(body(request)).isEqualTo("{}");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void aBaseWithAPathIsKeptWhateverTheTarget() throws Exception {
        http.with("base-url", http.server.url("/api/v1/").toString());

        assertThat(delivered(HttpFixture.operation("http.post", "/messages", ""))
                        .getTarget())
                .isEqualTo("/api/v1/messages");
        assertThat(delivered(HttpFixture.operation("http.post", "messages", "")).getTarget())
                .isEqualTo("/api/v1/messages");
        assertThat(delivered(HttpFixture.operation("http.post", "//evil.example/x", ""))
                        .getTarget())
                .isEqualTo("/api/v1//evil.example/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host",
                "content-length",
                "Transfer-Encoding",
                "Connection",
                "Expect",
                "bad name",
                "Idempotency-Key"
            })
    void headersThatAreNotTheOperationsToSetAreRefused(String name) {
        SendResult result = http.send(
                HttpFixture.operation("http.post", "/", "x").header(name, "1").build());

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.header");
        assertThat(result.error()).contains("'" + name + "'");
    }

    @Test
    void aHeaderValueCannotSmuggleASecondHeaderAndIsNotShown() {
        SendResult result = http.send(HttpFixture.operation("http.post", "/", "x")
                .header("X-Note", "a\r\nX-Admin: canary")
                .build());

        assertThat(result.code()).isEqualTo("http.header");
        assertThat(result.error()).contains("X-Note").doesNotContain("canary");
        assertThat(http.server.getRequestCount()).isZero();
    }

    @Test
    void largeBodiesAreCompressedIfAskedFor() throws Exception {
        http.with("gzip", "true");
        String payload = "\"" + "a".repeat(5000) + "\"";

        RecordedRequest request = delivered(HttpFixture.operation("http.post", "/", payload));

        assertThat(request.getHeaders().get("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/json");
        assertThat(request.getBodySize()).isLessThan(200);
        assertThat(unzipped(request)).isEqualTo(payload);
    }

    @Test
    void smallBodiesStayAsTheyAre() throws Exception {
        http.with("gzip", "true");

        RecordedRequest request = delivered(HttpFixture.operation("http.post", "/", "small"));

        assertThat(request.getHeaders().get("Content-Encoding")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 415})
    void anOriginThatRefusesCompressionGetsTheBodyPlainNextTime(int status) throws Exception {
        http.with("gzip", "true").answer(status);
        String payload = "x".repeat(5000);

        SendResult refused = http.send("http.post", payload);
        http.server.takeRequest();
        RecordedRequest second = delivered(HttpFixture.operation("http.post", "/", payload));

        assertThat(refused.retryable()).isTrue();
        assertThat(refused.scope()).isEqualTo(SendResult.Scope.TARGET);
        assertThat(second.getHeaders().get("Content-Encoding")).isNull();
        assertThat(body(second)).isEqualTo(payload);
    }

    @Test
    void sendingAndWaitingIsTheSame() throws Exception {
        http.answer(204);

        SendResult result = http.transport()
                .send(HttpFixture.operation("http.post", "/", "x").build());

        assertThat(result).isEqualTo(SendResult.delivered());
    }

    @Test
    void sendingAndWaitingRefusesWhatCannotBeSent() throws Exception {
        SendResult result = http.transport()
                .send(HttpFixture.operation("http.get", "/", "a body").build());

        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.body");
    }

    private RecordedRequest delivered(Operation.Builder operation) throws InterruptedException {
        http.answer(200);
        SendResult result = http.send(operation.build());
        assertThat(result).isEqualTo(SendResult.delivered());
        RecordedRequest request = http.server.takeRequest(1, TimeUnit.SECONDS);
        assertThat(request).isNotNull();
        return request;
    }

    private static String body(RecordedRequest request) {
        return request.getBody() == null ? "" : request.getBody().string(StandardCharsets.UTF_8);
    }

    private static String unzipped(RecordedRequest request) throws Exception {
        try (okio.BufferedSource source = Okio.buffer(new GzipSource(new Buffer().write(request.getBody())))) {
            return source.readUtf8();
        }
    }
}
