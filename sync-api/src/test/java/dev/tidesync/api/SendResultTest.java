package dev.tidesync.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SendResultTest {
    @Test
    void deliveredHasNothingToExplain() {
        SendResult delivered = SendResult.delivered();

        assertThat(delivered.ok()).isTrue();
        assertThat(delivered.retryable()).isFalse();
        assertThat(delivered.error()).isEmpty();
        assertThat(delivered).hasToString("delivered");
    }

    @Test
    void retryableIsChargedToTheOperationUnlessSaidOtherwise() {
        SendResult result = SendResult.retryable("connection reset");

        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).isTrue();
        assertThat(result.scope()).isEqualTo(SendResult.Scope.OPERATION);
        assertThat(result.ambiguous()).isFalse();
        assertThat(result.retryAfter()).isEmpty();
    }

    @Test
    void permanentIsNotRetryable() {
        assertThat(SendResult.permanent("bad request").retryable()).isFalse();
    }

    @Test
    void aBlankErrorStillSaysSomething() {
        assertThat(SendResult.retryable(" ").error()).isEqualTo("send failed");
    }

    @Test
    void detailsAreAddedOnCopies() {
        SendResult plain = SendResult.retryable("busy");

        SendResult detailed = plain.withCode("http.429")
                .withScope(SendResult.Scope.TARGET)
                .withAmbiguous(true)
                .withRetryAfter(Duration.ofSeconds(3));

        assertThat(plain.code()).isEmpty();
        assertThat(detailed.code()).isEqualTo("http.429");
        assertThat(detailed.scope()).isEqualTo(SendResult.Scope.TARGET);
        assertThat(detailed.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(detailed).hasToString("retryable http.429 (TARGET, ambiguous): busy; retry after PT3S");
        assertThat(detailed)
                .isEqualTo(SendResult.retryable("busy")
                        .withRetryAfter(Duration.ofSeconds(3))
                        .withAmbiguous(true)
                        .withScope(SendResult.Scope.TARGET)
                        .withCode("http.429"));
    }

    @Test
    void anAnswerIsKeptUpToALimit() {
        SendResult answered = SendResult.delivered().withAnswer("42");

        assertThat(answered.answer()).isEqualTo("42");
        assertThat(answered)
                .isNotEqualTo(SendResult.delivered())
                .hasToString("delivered, with an answer of 2 characters");
        assertThatThrownBy(() -> SendResult.delivered().withAnswer("x".repeat((1 << 20) + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("answer must have at most 1048576 characters, had: 1048577");
    }

    @Test
    void aNegativeWaitMeansNow() {
        assertThat(SendResult.retryable("x")
                        .withRetryAfter(Duration.ofSeconds(-5))
                        .retryAfter())
                .contains(Duration.ZERO);
    }
}
