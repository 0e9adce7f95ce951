package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidesync.api.Operation;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operations ask of the disk. */
class DiskCallsTest {
    private final StoreOnSimulatedDisk simulated =
            new StoreOnSimulatedDisk(1, settings -> settings.segmentBytes(1 << 20));
    private final OutboxWork work = new OutboxWork(simulated);

    @BeforeEach
    void writeAhead() {
        work.put("first", "", 100);
        calls();
    }

    private List<String> calls() {
        return simulated.disk().takeJournal();
    }

    private List<Operation> operations(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> work.operation("op-" + i, "", 100))
                .toList();
    }

    @Test
    void anEnqueueIsOneWriteAndOneForce() {
        work.put("second", "", 100);

        assertThat(calls()).containsExactly("write outbox-000001.log", "force outbox-000001.log");
    }

    @Test
    void soAreManyThatAreEnqueuedTogether() {
        simulated.store().putAll(operations(20));

        assertThat(calls()).containsExactly("write outbox-000001.log", "force outbox-000001.log");
    }

    @Test
    void whatIsClaimedTogetherIsReadTogether() {
        simulated.store().putAll(operations(20));
        work.claim(1);
        calls();

        assertThat(work.claim(20)).hasSize(20);

        assertThat(calls()).containsOnlyOnce("read outbox-000001.log");
    }
}
