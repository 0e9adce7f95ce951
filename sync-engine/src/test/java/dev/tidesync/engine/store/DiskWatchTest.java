package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
    private final List<String> told = new ArrayList<>();
    private Duration stalled = Duration.ZERO;
    private final DiskWatch watch = new DiskWatch("outbox data", () -> stalled, told::add, new ManualTimer());

    @Test
    void diskThatIsMerelyBusyIsNotTold() {
        look(Duration.ofMillis(4_999));

        assertThat(told).isEmpty();
    }

    @Test
    void hangingDiskIsToldAgainEachTimeTheWaitHasDoubled() {
        for (int second = 1; second <= 21; second++) {
            look(Duration.ofSeconds(second));
        }

        assertThat(told)
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("outbox data: the disk has not answered for 5 s;"),
                        second -> assertThat(second).contains("for 10 s;"),
                        third -> assertThat(third).contains("for 20 s;"));
    }

    @Test
    void endOfAStallIsToldOnceAndTheNextStallIsToldFromItsBeginning() {
        look(Duration.ofSeconds(7));
        look(Duration.ZERO);
        look(Duration.ZERO);
        look(Duration.ofSeconds(6));

        assertThat(told).hasSize(3);
        assertThat(told.get(1)).isEqualTo("outbox data: the disk answers again");
        assertThat(told.get(2)).contains("for 6 s;");
    }

    private void look(Duration stalledFor) {
        stalled = stalledFor;
        watch.look();
    }
}
