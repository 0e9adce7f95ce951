package dev.tidesync.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuideExamplesTest {
    @TempDir
    Path directory;

    @Test
    void anOperationIsDeliveredOnce() throws Exception {
        Operation saved = DeliverOnce.run(directory);

        assertThat(saved.status()).isEqualTo(OperationStatus.DONE);
        assertThat(saved.attempt()).isZero();
        assertThat(Files.readString(directory.resolve("outbox.json"))).contains("\"view\" : true", saved.id());
    }

    @Test
    void aRetryableFailureIsRetriedLater() {
        List<Operation> states = RetryLater.run(directory);

        assertThat(states).extracting(Operation::status).containsExactly(OperationStatus.FAILED, OperationStatus.DONE);
        assertThat(states.get(0).attempt()).isEqualTo(1);
        assertThat(states.get(0).lastError()).contains("temporary error");
        assertThat(states.get(1).lastError()).isEmpty();
    }

    @Test
    void aPermanentFailureIsNotSentAgain() {
        GiveUpOnBadRequest.Result result = GiveUpOnBadRequest.run(directory);

        assertThat(result.operation().status()).isEqualTo(OperationStatus.PERMANENT_FAILED);
        assertThat(result.operation().lastError()).contains("bad request");
        assertThat(result.calls()).isEqualTo(1);
    }

    @Test
    void anOperationLeftInFlightIsRecovered() {
        List<Operation> states = RecoverAfterCrash.run(directory);

        assertThat(states)
                .extracting(Operation::status)
                .containsExactly(OperationStatus.IN_FLIGHT, OperationStatus.DONE);
        assertThat(states.get(1).attempt()).isEqualTo(1);
    }
}
