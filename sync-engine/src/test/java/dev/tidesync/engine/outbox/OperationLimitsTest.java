package dev.tidesync.engine.outbox;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import org.junit.jupiter.api.Test;

/** What is too large, or must not be stored. */
final class OperationLimitsTest {
    private final OperationLimits limits = OperationLimits.defaults();

    private static Operation.Builder operation() {
        return Operation.builder().kind("http.post").target("/a");
    }

    @Test
    void everythingAtItsLimitPasses() {
        Operation atTheLimit = operation()
                .id("i".repeat(255))
                .kind("k".repeat(255))
                .idempotencyKey("a".repeat(255))
                .orderingKey("o".repeat(255))
                .target("t".repeat(8 << 10))
                .payload(new byte[16 << 20])
                .header("x", "v".repeat((64 << 10) - 1))
                .build();

        assertThatCode(() -> limits.check(atTheLimit)).doesNotThrowAnyException();
    }

    @Test
    void everythingBeyondItsLimitIsNamedAtOnce() {
        Operation beyond = operation()
                .id("i".repeat(256))
                .orderingKey("Grüße")
                .target("t".repeat((8 << 10) + 1))
                .payload(new byte[(16 << 20) + 1])
                .header("x", "v".repeat(64 << 10))
                .build();

        assertThatThrownBy(() -> limits.check(beyond))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation refused: id must have at most 255 characters, had: 256; "
                        + "orderingKey must be printable ASCII; target must have at most 8192 bytes, had: 8193; "
                        + "payload must have at most 16777216 bytes, had: 16777217; "
                        + "headers must have at most 65536 bytes, had: 65537");
    }

    @Test
    void headersThatCarryCredentialsAreRefusedWithoutTheirValues() {
        Operation secret = operation().header("AUTHORIZATION", "Bearer s3cret").build();

        assertThatThrownBy(() -> limits.check(secret))
                .hasMessage("operation refused: header 'AUTHORIZATION' carries credentials, which are never stored; "
                        + "configure them at the transport");
    }

    @Test
    void headersThatCarryCredentialsPassIfAllowed() {
        OperationLimits lenient =
                OperationLimits.builder().credentialHeadersAllowed(true).build();

        assertThatCode(() -> lenient.check(operation().header("Cookie", "a=b").build()))
                .doesNotThrowAnyException();
    }

    @Test
    void allBadSettingsAreNamedAtOnce() {
        OperationLimits.Builder bad =
                OperationLimits.builder().maxPayloadBytes(-1).maxTargetBytes(0).maxNameLength(10);

        assertThatThrownBy(bad::build)
                .hasMessage("maxPayloadBytes must be at least 0, was: -1; maxTargetBytes must be at least 1, was: 0; "
                        + "maxNameLength must be at least 36, was: 10");
    }
}
