package dev.tidesync.transport.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestEnvelopeTest {
    @Test
    void methodHeadersAndTextAreRead() throws Exception {
        HttpIntent intent =
                read("{\"method\": \"put\", \"headers\": {\"If-Match\": \"7\"}, \"body\": \"gr\u00fc\u00dfe\"}");

        assertThat(intent.method()).isEqualTo("PUT");
        assertThat(intent.headers()).containsEntry("If-Match", "7");
        assertThat(intent.body().utf8()).isEqualTo("gr\u00fc\u00dfe");
    }

    @Test
    void aBodyThatIsNoStringIsSentAsJson() throws Exception {
        assertThat(read("{\"method\": \"POST\", \"body\": {\"a\": [1]}}").body().utf8())
                .isEqualTo("{\"a\":[1]}");
        assertThat(read("{\"method\": \"POST\", \"body\": null}").body().size()).isZero();
    }

    @Test
    void theEnvelopesHeadersReplaceThoseOfTheOperation() throws Exception {
        Operation operation = Operation.builder()
                .kind("http.request")
                .target("/")
                .header("Accept", "text/plain")
                .header("X-A", "kept")
                .payload("{\"method\": \"GET\", \"headers\": {\"ACCEPT\": \"application/json\"}}")
                .build();

        assertThat(RequestEnvelope.read(operation).headers().values())
                .containsExactlyInAnyOrder("application/json", "kept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | is not a JSON object",
                "{\"method\": canary} | is not valid JSON at line 1",
                "{\"method\": \"GET\"} x | is not valid JSON at line 1",
                "{} | has no valid 'method'",
                "{\"method\": 1} | has no valid 'method'",
                "{\"method\": \"GE T\"} | has no valid 'method'",
                "{\"method\": \"TRACE\"} | asks for TRACE",
                "{\"method\": \"connect\"} | asks for CONNECT",
                "{\"method\": \"GET\", \"body\": \"canary\"} | has a body, which a GET cannot carry",
                "{\"method\": \"PUT\", \"body\": \"canary\", \"body_base64\": \"\"} | has both",
                "{\"method\": \"PUT\", \"body_base64\": \"canary!\"} | is not Base64",
                "{\"method\": \"PUT\", \"body_base64\": 7} | is not a string",
                "{\"method\": \"PUT\", \"url\": \"canary\"} | unknown field 'url'",
                "{\"method\": \"PUT\", \"headers\": []} | not an object of strings",
                "{\"method\": \"PUT\", \"headers\": {\"A\": 1}} | 'A' whose value is not a string",
                "{\"method\": \"PUT\", \"headers\": {\"authorization\": \"canary\"}} | carries credentials"
            })
    void whatIsNoEnvelopeIsPermanentWithItsReasonAndWithoutItsContent(String payload, String reason) {
        UnsendableException refusal = catchThrowableOfType(UnsendableException.class, () -> read(payload));

        assertThat(refusal).isNotNull();
        SendResult result = refusal.result();
        assertThat(result.retryable()).isFalse();
        assertThat(result.code()).isEqualTo("http.envelope");
        assertThat(result.error()).contains(reason).doesNotContain("canary");
    }

    private static HttpIntent read(String payload) throws UnsendableException {
        return RequestEnvelope.read(Operation.of("http.request", "/", payload));
    }
}
