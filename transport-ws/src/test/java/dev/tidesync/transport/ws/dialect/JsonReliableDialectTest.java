package dev.tidesync.transport.ws.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReliableDialectTest {
    private final JsonReliableDialect dialect = new JsonReliableDialect();

    private WsEvent decode(String message) {
        return dialect.decode(message.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anOperationIsAnEventWithItsIntentAsData() {
        Operation operation = Operation.builder()
                .id("a")
                .kind("ws.send")
                .target("orders")
                .payload("hällo")
                .idempotencyKey("k")
                .createdAtMs(5)
                .header("Content-Type", "text/plain")
                .build();

        assertThat(new String(dialect.encode(operation, "", 7).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"event\",\"event\":\"operation\",\"ackId\":7,\"dataType\":\"json\",\"data\":{"
                        + "\"id\":\"a\",\"kind\":\"ws.send\",\"target\":\"orders\",\"payload\":\"hällo\","
                        + "\"idempotency_key\":\"k\",\"created_at_ms\":5,\"attempt\":0,"
                        + "\"headers\":{\"Content-Type\":\"text/plain\"}}}");
    }

    @Test
    void acknowledgementsAreUnderstood() {
        assertThat(decode("{\"type\":\"ack\",\"ackId\":7,\"success\":true}")).isEqualTo(new WsEvent.Accepted(7, ""));
        assertThat(decode("{\"type\":\"ack\",\"ackId\":7,\"success\":true,\"data\":{\"n\":1}}"))
                .isEqualTo(new WsEvent.Accepted(7, "{\"n\":1}"));
        assertThat(decode("{\"type\":\"ack\",\"ackId\":7,\"success\":false,"
                        + "\"error\":{\"name\":\"TooManyRequests\",\"message\":\"slow\",\"retryAfterMs\":1500}}"))
                .isEqualTo(new WsEvent.Refused(7, "TooManyRequests", "slow", Optional.of(Duration.ofMillis(1500))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "null",
                "7",
                "{\"type\":\"system\",\"event\":\"connected\"}",
                "{\"type\":\"ack\",\"ackId\":\"x\",\"success\":true}",
                "{\"type\":\"ack\",\"ackId\":1}",
                "{\"type\":\"ack\",\"ackId\":99999999999999999999,\"success\":true}",
                "{\"type\":\"ack\",\"type\":\"ack\",\"ackId\":1,\"success\":true}",
            })
    void whatIsNoAcknowledgementIsIgnored(String message) {
        assertThat(decode(message)).isInstanceOf(WsEvent.Ignored.class);
    }

    @Test
    void deepNestingIsIgnoredRatherThanFollowed() {
        assertThat(decode("[".repeat(100_000))).isInstanceOf(WsEvent.Ignored.class);
    }
}
