package dev.tidesync.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidesync.engine.wal.SimulatedDisk;
import dev.tidesync.engine.wal.Wal;
import dev.tidesync.engine.wal.WalRecord;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OpeningProgressTest {
    private static final long MIB = 1024 * 1024;
    private static final long SECOND_NANOS = 1_000_000_000;

    private final Logger logger = (Logger) LoggerFactory.getLogger(OpeningProgress.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private long nowNanos;

    @BeforeEach
    void listen() {
        said.start();
        logger.addAppender(said);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(said);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private List<String> said() {
        return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void whatTakesLessThanASecondIsNotTalkedAbout() {
        OpeningProgress progress = new OpeningProgress("outbox x", () -> nowNanos);
        nowNanos = SECOND_NANOS - 1;

        progress.read(5 * MIB, 10 * MIB);

        assertThat(said()).isEmpty();
    }

    @Test
    void itIsToldOnceASecond() {
        OpeningProgress progress = new OpeningProgress("outbox x", () -> nowNanos);
        for (long mebibytes = 1; mebibytes <= 10; mebibytes++) {
            nowNanos += SECOND_NANOS / 4;
            progress.read(mebibytes * MIB, 10 * MIB);
        }

        assertThat(said())
                .containsExactly(
                        "outbox x is being opened: 4 of 10 MiB read", "outbox x is being opened: 8 of 10 MiB read");
    }

    @Test
    void openingALogTellsHowMuchOfItHasBeenRead() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Wal.Config config = Wal.Config.builder().segmentBytes(MIB).build();
        try (Wal wal = Wal.open(disk, config)) {
            for (int i = 0; i < 40; i++) {
                wal.append(new WalRecord.Noted("op", i, "x".repeat(100_000)));
            }
        }
        OpeningProgress progress = new OpeningProgress("outbox x", () -> nowNanos += SECOND_NANOS);

        Wal.open(disk, config, Optional.empty(), new IndexLoading(progress)).close();

        assertThat(said())
                .hasSizeGreaterThan(2)
                .allMatch(line -> line.matches("outbox x is being opened: [0-9]+ of [0-9]+ MiB read"));
    }
}
