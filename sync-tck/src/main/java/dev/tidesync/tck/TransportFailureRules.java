package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 3: a failure that can be foreseen is a result, and says whether another attempt may mend it. */
abstract class TransportFailureRules extends TransportDeliveryRules {
    private static final String CONFIDENTIAL = "confidential-payload-of-the-contract";

    @Test
    @DisplayName("3.1 a destination that cannot be reached is a retryable failure")
    final void anUnreachableDestinationIsRetryable() throws Exception {
        SendResult result = send(given(unreachable(), "unreachable"));

        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).as("retryable, was: %s", result).isTrue();
    }

    @Test
    @DisplayName("3.2 a target that makes no sense is a failure for good")
    final void aMalformedTargetIsPermanent() throws Exception {
        assertPermanent(send(given(malformed(), "malformed")));
    }

    @Test
    @DisplayName("3.3 an operation that the other side turns down for good is a failure for good")
    final void aRefusedOperationIsPermanent() throws Exception {
        assertPermanent(send(given(refused(), "refused for good")));
    }

    private static void assertPermanent(SendResult result) {
        assertThat(result.ok()).isFalse();
        assertThat(result.retryable()).as("retryable, was: %s", result).isFalse();
    }

    @Test
    @DisplayName("3.4 a failure never shows the payload")
    final void aFailureNeverShowsThePayload() throws Exception {
        Operation failing = given(unreachable().or(this::malformed).or(this::refused), "bound to fail");

        SendResult result = send(failing.toBuilder().payload(CONFIDENTIAL).build());

        assertThat(result.toString()).doesNotContain(CONFIDENTIAL);
    }

    @Test
    @DisplayName("3.5 a transport delivers again after a failure")
    final void aTransportDeliversAgainAfterAFailure() throws Exception {
        Operation failing = given(unreachable().or(this::malformed).or(this::refused), "bound to fail");
        assertThat(send(failing).ok()).isFalse();

        assertThat(send(deliverable("after"))).isEqualTo(SendResult.delivered());
    }

    @Test
    @DisplayName("3.6 a send that is cancelled comes to an end, and not as delivered")
    final void aCancelledSendComesToAnEnd() throws Exception {
        Operation hanging = given(unanswered(), "never answered");
        ContractSendContext context = new ContractSendContext(patience());
        CompletableFuture<SendResult> result = start(hanging, context);

        context.cancel();

        // an exception is an end too: it counts as a retryable failure
        SendResult end = result.exceptionally(failure -> SendResult.retryable(failure.toString()))
                .get(patience().toNanos(), TimeUnit.NANOSECONDS);
        assertThat(end.ok()).isFalse();
    }

    @Test
    @DisplayName("3.7 a blocking send can be interrupted")
    final void aBlockingSendCanBeInterrupted() throws Exception {
        Operation hanging = given(unanswered(), "never answered");
        AtomicReference<@Nullable SendResult> result = new AtomicReference<>();
        Thread sender = new Thread(() -> result.set(sendCatching(hanging)), "contract-sender");
        sender.setDaemon(true);
        sender.start();

        sender.interrupt();
        sender.join(patience().toMillis());

        assertThat(sender.isAlive()).as("still sending").isFalse();
        assertThat(result.get()).isNotNull().extracting(SendResult::ok).isEqualTo(false);
    }

    @Test
    @DisplayName("3.8 sendAsync returns at once, though nobody answers")
    final void aCallReturnsAtOnce() {
        Operation hanging = given(unanswered(), "never answered");
        ContractSendContext context = new ContractSendContext(patience());
        begin(hanging, context);

        assertAtOnce("sendAsync", () -> begin(hanging.toBuilder().id("again").build(), context));

        context.cancel();
    }

    @Test
    @DisplayName("3.9 what is to be done at a cancellation does not block")
    final void aCancellationReturnsAtOnce() {
        Operation hanging = given(unanswered(), "never answered");
        ContractSendContext context = new ContractSendContext(patience());
        begin(hanging, context);

        assertAtOnce("the action given to onCancel", context::cancel);
    }

    private SendResult sendCatching(Operation operation) {
        try {
            return transport().send(operation);
        } catch (Exception failure) {
            return SendResult.retryable(failure.toString());
        }
    }
}
