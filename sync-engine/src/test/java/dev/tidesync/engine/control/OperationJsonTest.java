package dev.tidesync.engine.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationJsonTest {
    @Test
    void everyFieldThatIsFixedAtEnqueueIsRead() {
        Operation operation = read("""
                {"id":"a","kind":"http.post","target":"/t","payload":"hé","headers":{"A":"1","B":"2"},
                 "idempotency_key":"k","ordering_key":"o","expires_at_ms":9,"next_retry_at_ms":8}""");

        assertThat(operation)
                .isEqualTo(Operation.builder()
                        .id("a")
                        .kind("http.post")
                        .target("/t")
                        .payload("hé")
                        .header("A", "1")
                        .header("B", "2")
                        .idempotencyKey("k")
                        .orderingKey("o")
                        .expiresAtMs(9)
                        .nextRetryAtMs(8)
                        .build());
    }

    @Test
    void theAnswerToADeliveryComesBack() {
        Operation answered = Operation.restore(Operation.builder()
                        .id("a")
                        .kind("ws.request")
                        .target("t")
                        .build())
                .status(OperationStatus.DONE)
                .answer("forty-two")
                .build();

        assertThat(OperationJson.write(answered).path("answer").asText()).isEqualTo("forty-two");
        assertThat(OperationJson.read(OperationJson.write(answered))).isEqualTo(answered);
    }

    @Test
    void kindAndTargetAreEnough() {
        assertThat(read("{\"kind\":\"ws.send\",\"target\":\"peer\"}")).isEqualTo(Operation.of("ws.send", "peer", ""));
    }

    @Test
    void aBinaryPayloadComesInBase64() {
        assertThat(read("{\"kind\":\"k.k\",\"target\":\"t\",\"payload_base64\":\"AP8K\"}")
                        .payload())
                .containsExactly(0, 0xff, '\n');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"kind":"k","target":"t","status":"DONE"}    | field 'status' is the outbox's to set; leave it out
                    {"kind":"k","target":"t","attempt":1}        | field 'attempt' is the outbox's to set
                    {"kind":"k","target":"t","updated_at_ms":1}  | field 'updated_at_ms' is the outbox's to set
                    {"kind":"k","target":"t","created_at_ms":1}  | field 'created_at_ms' is the outbox's to set
                    {"kind":"k","target":"t","last_error":""}    | field 'last_error' is the outbox's to set
                    {"kind":"k","traget":"t","target":"t"}       | unknown field 'traget'; did you mean 'target'?
                    {"kind":"k","target":"t","something_else":1} | unknown field 'something_else'
                    {"target":"t"}                               | field 'kind' is required and must not be empty
                    {"kind":" ","target":"t"}                    | field 'kind' is required and must not be empty
                    {"kind":"k"}                                 | field 'target' is required
                    {"kind":"k","target":7}                      | field 'target' must be text but was a JSON number
                    {"kind":"k","target":"t","payload":{}}       | field 'payload' must be text but was a JSON object
                    {"kind":"k","target":"t","payload":null}     | field 'payload' must be text but was a JSON null
                    {"kind":"k","target":"t","payload":"\\ud800"} | field 'payload' has half a surrogate pair
                    {"kind":"k","target":"t","payload_base64":"*"} | field 'payload_base64' is not base64
                    {"kind":"k","target":"t","payload":"","payload_base64":""} | exclude each other
                    {"kind":"k","target":"t","headers":[]}       | field 'headers' must be an object of texts
                    {"kind":"k","target":"t","headers":{"A":1}}  | header 'A' must be text but was a JSON number
                    {"kind":"k","target":"t","expires_at_ms":-1} | field 'expires_at_ms' must be milliseconds
                    {"kind":"k","target":"t","expires_at_ms":"7d"} | field 'expires_at_ms' must be milliseconds
                    {"kind":"k","target":"t","next_retry_at_ms":1.5} | field 'next_retry_at_ms' must be milliseconds
                    {"kind":"k","kind":"l","target":"t"}         | Duplicate field 'kind'
                    {"kind":"k","target":"t"} x                  | not valid JSON
                    {"kind":"k"                                  | not valid JSON
                    []                                           | expected a JSON object but was a JSON array
                    ``                                           | expected a JSON object but was a JSON missing
                    """)
    void badInputIsRefusedByName(String line, String problem) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(line)).withMessageContaining(problem);
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("{\"kinds\":\"k\",\"target\":7,\"status\":\"DONE\"}"))
                .withMessageContaining("did you mean 'kind'?")
                .withMessageContaining("field 'target' must be text")
                .withMessageContaining("field 'status' is the outbox's to set");
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedRatherThanReplaced() {
        byte[] latin1 = "{\"kind\":\"k\",\"target\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OperationJson.readNew(latin1))
                .withMessageContaining("not valid JSON");
    }

    @Test
    void aTextPayloadIsWrittenAsTextAndABinaryOneInBase64() {
        assertThat(OperationJson.write(Operation.of("k.k", "t", "hé"))
                        .path("payload")
                        .textValue())
                .isEqualTo("hé");
        assertThat(OperationJson.write(Operation.of("k.k", "t", new byte[] {-1}))
                        .path("payload_base64")
                        .asText())
                .isEqualTo("/w==");
    }

    @Test
    void theStatusIsWrittenByName() {
        assertThat(OperationJson.write(Operation.of("k.k", "t", ""))
                        .path("status")
                        .textValue())
                .isEqualTo("PENDING");
    }

    private static Operation read(String line) {
        return OperationJson.readNew(line.getBytes(UTF_8));
    }
}
