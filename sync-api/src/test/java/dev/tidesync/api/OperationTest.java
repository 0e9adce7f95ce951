package dev.tidesync.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTest {
    @Test
    void newOperationIsPendingAndBlank() {
        Operation operation = Operation.of("http.post", "/api/messages", "hello");

        assertThat(operation.isPending()).isTrue();
        assertThat(operation.id()).isEmpty();
        assertThat(operation.orderingKey()).isEmpty();
        assertThat(operation.lastError()).isEmpty();
        assertThat(operation.attempt()).isZero();
        assertThat(operation.payloadText()).isEqualTo("hello");
    }

    @Test
    void anyBytesSurviveAsPayload() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        Operation operation = Operation.of("http.post", "/", bytes);

        assertThat(operation.payload()).isEqualTo(bytes);
        assertThat(operation.payloadSize()).isEqualTo(256);
    }

    @Test
    void nobodyCanChangeThePayloadFromOutside() {
        byte[] given = "abc".getBytes(StandardCharsets.UTF_8);
        Operation operation = Operation.of("http.post", "/", given);

        given[0] = 'X';
        operation.payload()[1] = 'X';

        assertThat(operation.payloadText()).isEqualTo("abc");
        assertThat(operation.payloadBuffer().isReadOnly()).isTrue();
    }

    @Test
    void headersKeepTheirOrderAndCannotBeChanged() {
        Operation operation = minimal().header("Zeta", "1").header("Alpha", "2").build();

        assertThat(operation.headers()).containsExactly(Map.entry("Zeta", "1"), Map.entry("Alpha", "2"));
        assertThatThrownBy(() -> operation.headers().put("New", "3")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void kindAndTargetAreRequired() {
        assertThatThrownBy(() -> Operation.builder().target("/").build()).hasMessage("kind must not be empty");
        assertThatThrownBy(() -> Operation.builder().kind("http.post").build()).hasMessage("target must not be empty");
    }

    @Test
    void timesBeforeTheEpochAreRefused() {
        assertThatThrownBy(() -> minimal().nextRetryAtMs(-1).build())
                .hasMessage("nextRetryAtMs must not be negative, was: -1");
    }

    @Test
    void failAndDoneReturnChangedCopies() {
        Operation operation = minimal().id("a").build();

        Operation failed = operation.fail("connection refused", 7);
        Operation done = failed.done(8);

        assertThat(operation.isPending()).isTrue();
        assertThat(failed.isFailed()).isTrue();
        assertThat(failed.lastError()).isEqualTo("connection refused");
        assertThat(failed.updatedAtMs()).isEqualTo(7);
        assertThat(done.isDone()).isTrue();
        assertThat(done.lastError()).isEmpty();
        assertThat(done.updatedAtMs()).isEqualTo(8);
    }

    @Test
    void restoringSetsTheLifecycleAndKeepsTheIntent() {
        Operation intent = minimal()
                .id("a")
                .payload("p")
                .header("H", "v")
                .orderingKey("lane")
                .build();

        Operation restored = Operation.restore(intent)
                .status(OperationStatus.FAILED)
                .attempt(3)
                .createdAtMs(1)
                .updatedAtMs(2)
                .nextRetryAtMs(5)
                .lastError("no")
                .build();

        assertThat(restored.sameIntent(intent)).isTrue();
        assertThat(restored.attempt()).isEqualTo(3);
        assertThat(restored.nextRetryAtMs()).isEqualTo(5);
        assertThat(Operation.restore(restored).build()).isEqualTo(restored).hasSameHashCodeAs(restored);
    }

    @Test
    void builderOfAnOperationLeavesTheLifecycleBehind() {
        Operation failed = minimal().id("a").build().fail("no", 9);

        Operation copy = failed.toBuilder().build();

        assertThat(copy.isPending()).isTrue();
        assertThat(copy.lastError()).isEmpty();
        assertThat(copy.sameIntent(failed)).isTrue();
    }

    @Test
    void eachPartOfTheIntentCounts() {
        Operation base = minimal().id("a").build();

        assertThat(base.sameIntent(base.toBuilder().payload("other").build())).isFalse();
        assertThat(base.sameIntent(base.toBuilder().header("H", "v").build())).isFalse();
        assertThat(base.sameIntent(base.toBuilder().orderingKey("lane").build()))
                .isFalse();
        assertThat(base.sameIntent(base.toBuilder().idempotencyKey("k").build()))
                .isFalse();
        assertThat(base.sameIntent(base.toBuilder().expiresAtMs(1).build())).isFalse();
        assertThat(base.sameIntent(base.toBuilder().createdAtMs(1).build())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "https://API.example.com/v1/orders?x=1, https://api.example.com",
        "http://127.0.0.1:8080/a,               http://127.0.0.1:8080",
        "https://user:pw@example.com/a,         https://example.com",
        "ws://[::1]:9000/socket,                ws://[::1]:9000",
        "/api/messages,                         ''",
        "warehouse-2,                           warehouse-2",
        "not a uri,                             not a uri",
        "mailto:a@example.com,                  mailto:a@example.com",
    })
    void destinationIsThePartOfTheTargetThatFailsAsOne(String target, String destination) {
        assertThat(Operation.of("k.x", target, "").destination()).isEqualTo(destination);
    }

    @Test
    void textFormHoldsNoSecrets() {
        Operation operation = Operation.builder()
                .id("op-1")
                .kind("http.post")
                .target("https://user:s3cret@example.com/a?token=s3cret")
                .payload("s3cret")
                .header("X-Key", "s3cret")
                .build();

        assertThat(operation.toString())
                .contains("op-1", "http.post", "example.com/a", "X-Key")
                .doesNotContain("s3cret");
    }

    private static Operation.Builder minimal() {
        return Operation.builder().kind("http.post").target("/api");
    }
}
