package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.spi.ListOptions;
import dev.tidesync.spi.OutboxStoreException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handing over without waiting for the disk. */
@Timeout(60)
class EnqueueAsyncTest {
    private static final long T0 = 1_700_000_000_000L;

    private final StoreOnSimulatedDisk simulated = new StoreOnSimulatedDisk(1);

    private CompletableFuture<String> enqueue(int number) {
        return new Outbox(simulated.store()).enqueueAsync(operation(number), T0).toCompletableFuture();
    }

    private static Operation operation(int number) {
        return Operation.of("x.y", "/", "payload").toBuilder()
                .id("op-" + number)
                .build();
    }

    private static void await(List<CompletableFuture<String>> answers) throws Exception {
        CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
    }

    private List<String> readyIds() {
        return simulated
                .store()
                .list(ListOptions.builder().nowMs(T0).limit(1_000).build())
                .stream()
                .map(Operation::id)
                .toList();
    }

    @Test
    void whatWasAnsweredIsReadyInOrderAndSurvivesAPowerCut() throws Exception {
        List<CompletableFuture<String>> answers =
                IntStream.range(0, 300).mapToObj(this::enqueue).toList();
        await(answers);

        List<String> ids = answers.stream().map(CompletableFuture::join).toList();
        assertThat(ids).startsWith("op-0", "op-1").hasSize(300);
        assertThat(readyIds()).isEqualTo(ids);
        simulated.crashAndReopen();
        assertThat(readyIds()).isEqualTo(ids);
    }

    @Test
    void whatCouldNotBeForcedIsAnsweredWithAFailureAndNeverSeen() {
        simulated.disk().failForces(1);

        assertThatThrownBy(() -> enqueue(1).get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(OutboxStoreException.class)
                .hasMessageContaining("takes no more changes");
        assertThat(simulated.store().get("op-1")).isEmpty();
        assertThat(enqueue(2)).isCompletedExceptionally();
    }

    @Test
    void anotherIntentUnderAKnownIdIsRefusedAtOnce() throws Exception {
        enqueue(1).get(30, TimeUnit.SECONDS);
        Operation other = operation(1).toBuilder().target("/elsewhere").build();

        assertThat(enqueue(1).get(30, TimeUnit.SECONDS)).isEqualTo("op-1");
        assertThatThrownBy(() -> simulated.store().putAsync(other)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void closingTheStoreKeepsWhatIsUnderWay() throws Exception {
        List<CompletableFuture<String>> answers =
                IntStream.range(0, 100).mapToObj(this::enqueue).toList();

        simulated.closeAndReopen();

        await(answers);
        assertThat(readyIds()).hasSize(100);
    }

    @Test
    void theOwnerThatTheLogLeavesOutIsKnownAfterAReopening() throws Exception {
        enqueue(1).get(30, TimeUnit.SECONDS);
        String owner = simulated.store().defaultOwner();
        assertThat(simulated.store().claim("op-1", owner, T0)).isTrue();

        simulated.closeAndReopen();
        simulated.store().close();

        String view = new String(simulated.disk().content("outbox.json"), StandardCharsets.UTF_8);
        assertThat(view).contains("\"op-1\":\"" + owner + "\"");
    }
}
