package dev.tidesync.engine.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Generated ids: unique, and sorted by time. */
final class OperationIdsTest {
    private static final long T0 = 1_800_000_000_000L;

    private final OperationIds ids = new OperationIds();

    @Test
    void idIsAUuidOfVersionSevenThatBeginsWithTheTime() {
        UUID id = UUID.fromString(ids.next(T0));

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(T0);
    }

    @Test
    void idsOfOneInstantAreSortedInTheOrderTheyWereMade() {
        List<String> made =
                IntStream.range(0, 20_000).mapToObj(i -> ids.next(T0)).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void idsAreSortedAlthoughTheClockGoesBack() {
        List<String> made = LongStream.of(T0, T0 - 1, T0 - 86_400_000, T0 + 1, 0, Long.MAX_VALUE, T0)
                .mapToObj(ids::next)
                .toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void twoProcessesAtTheSameInstantMakeDifferentIds() {
        OperationIds otherProcess = new OperationIds();

        Set<String> made = IntStream.range(0, 1_000)
                .mapToObj(i -> List.of(ids.next(T0), otherProcess.next(T0)))
                .flatMap(List::stream)
                .collect(Collectors.toSet());

        assertThat(made).hasSize(2_000);
    }

    @Test
    void manyThreadsMakeDifferentIds() {
        Set<String> made = IntStream.range(0, 100_000)
                .parallel()
                .mapToObj(i -> ids.next(T0))
                .collect(Collectors.toSet());

        assertThat(made).hasSize(100_000);
    }
}
