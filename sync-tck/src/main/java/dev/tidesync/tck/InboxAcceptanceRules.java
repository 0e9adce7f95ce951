package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.spi.InboxResult.Outcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an inbox takes, and what it says to what it does not take. */
interface InboxAcceptanceRules extends InboxUnderTest {
    @Test
    @DisplayName("1 An operation is accepted once and a duplicate afterwards")
    default void anOperationIsAcceptedOnce() throws Exception {
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.ACCEPTED);
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    @DisplayName("2 A duplicate is known after reopening, whether it was handled or not")
    default void aDuplicateIsKnownAfterReopening() throws Exception {
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.ACCEPTED);

        reopen();

        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    @DisplayName("3 A key that is used for another intent is refused, before and after reopening")
    default void aKeyThatIsUsedForAnotherIntentIsRefused() throws Exception {
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.ACCEPTED);

        assertThat(accept("ada", operation("a").payload("something else"))).isEqualTo(Outcome.CONFLICT);
        assertThat(accept("ada", operation("a").kind("ws.request"))).isEqualTo(Outcome.CONFLICT);
        reopen();
        assertThat(accept("ada", operation("a").target("wss://example.com/other")))
                .isEqualTo(Outcome.CONFLICT);
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    @DisplayName("4 Each origin has keys of its own")
    default void eachOriginHasKeysOfItsOwn() throws Exception {
        assertThat(accept("ada", operation("a"))).isEqualTo(Outcome.ACCEPTED);
        assertThat(accept("bob", operation("a").payload("of bob"))).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    @DisplayName("5 An operation without an idempotency key is refused with a reason")
    default void anOperationWithoutAnIdempotencyKeyIsRefused() throws Exception {
        var result = result("ada", operation(""));

        assertThat(result.outcome()).isEqualTo(Outcome.INVALID);
        assertThat(result.acknowledged()).isFalse();
        assertThat(result.reason()).isNotBlank();
    }

    @Test
    @DisplayName("6 An origin must be printable and not empty")
    default void anOriginMustBePrintable() {
        Operation operation = operation("a").build();

        assertThatThrownBy(() -> inbox().accept("", operation)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> inbox().accept("two\nlines", operation)).isInstanceOf(IllegalArgumentException.class);
    }
}
