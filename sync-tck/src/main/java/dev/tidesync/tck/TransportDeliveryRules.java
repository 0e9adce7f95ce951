package dev.tidesync.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.SendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rules 2: what is delivered arrives, as it is and once. */
abstract class TransportDeliveryRules extends TransportRegistrationRules {
    private static final int MANY = 50;

    @Test
    @DisplayName("2.1 making a transport delivers nothing")
    final void makingATransportDeliversNothing() {
        assertThat(received()).isEmpty();
    }

    @Test
    @DisplayName("2.2 an operation that the other side takes is delivered, its payload byte for byte")
    final void thePayloadArrivesByteForByte() throws Exception {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }

        SendResult result = send(deliverable("binary", everyByte));

        assertThat(result).isEqualTo(SendResult.delivered());
        assertThat(received())
                .extracting(Received::payload)
                .containsExactly(Received.of(everyByte, "").payload());
    }

    @Test
    @DisplayName("2.3 a blocking send delivers as an asynchronous one does")
    final void aBlockingSendDelivers() throws Exception {
        assertThat(transport().send(deliverable("blocking"))).isEqualTo(SendResult.delivered());

        assertThat(received()).hasSize(1);
    }

    @Test
    @DisplayName("2.4 the idempotency key travels with every attempt")
    final void theIdempotencyKeyTravelsWithEveryAttempt() throws Exception {
        send(deliverable("again"));
        send(deliverable("again"));

        List<String> keys =
                received().stream().map(Received::idempotencyKey).distinct().toList();
        Assumptions.assumeFalse(keys.equals(List.of("")), "the other side cannot see keys");
        assertThat(keys).containsExactly("key-again");
    }

    @Test
    @DisplayName("2.5 many sends at a time arrive once each")
    final void manySendsAtATimeArriveOnceEach() throws Exception {
        List<CompletableFuture<SendResult>> results = new ArrayList<>();
        List<Received> expected = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            Operation operation = deliverable("op-" + i);
            expected.add(Received.of(operation.payload(), ""));
            results.add(start(operation, new ContractSendContext(patience())));
        }

        for (CompletableFuture<SendResult> result : results) {
            assertThat(result.get(patience().toNanos(), TimeUnit.NANOSECONDS)).isEqualTo(SendResult.delivered());
        }
        assertThat(received())
                .extracting(Received::payload)
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(Received::payload).toList());
    }
}
