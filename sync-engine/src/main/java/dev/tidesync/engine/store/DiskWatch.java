package dev.tidesync.engine.store;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that the disk keeps a store waiting. A disk that hangs gives no error, and whoever waits for it cannot say
 * anything; so somebody else has to look.
 *
 * <p><b>Threads:</b> looks on one daemon thread of its own.
 */
final class DiskWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Longer than any force of a disk that is merely busy. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);

    private final String name;
    private final Supplier<Duration> stalledFor;
    private final Consumer<String> tell;
    private final Housekeeping.Timer timer;
    private Duration tellFrom = WORTH_TELLING;

    DiskWatch(String name, Supplier<Duration> stalledFor, Consumer<String> tell, Housekeeping.Timer timer) {
        this.name = name;
        this.stalledFor = stalledFor;
        this.tell = tell;
        this.timer = timer;
    }

    /** Begins to look; {@code name} is the outbox in messages. */
    static DiskWatch start(String name, Supplier<Duration> stalledFor, String threadName) {
        DiskWatch watch = new DiskWatch(name, stalledFor, LOG::warn, new TimerThread(threadName));
        watch.lookLater();
        return watch;
    }

    private void lookLater() {
        timer.after(INTERVAL, () -> {
            look();
            lookLater();
        });
    }

    /** Tells of a stall when it begins to matter, again each time it has doubled, and when it is over. */
    void look() {
        Duration stalled = stalledFor.get();
        if (stalled.compareTo(tellFrom) >= 0) {
            tell.accept(name + ": the disk has not answered for " + stalled.toSeconds()
                    + " s; nothing is acknowledged until it does, and nothing that was is lost;"
                    + " look at the disk, or at who else keeps it busy");
            tellFrom = stalled.multipliedBy(2);
        } else if (stalled.compareTo(WORTH_TELLING) < 0 && tellFrom.compareTo(WORTH_TELLING) > 0) {
            tell.accept(name + ": the disk answers again");
            tellFrom = WORTH_TELLING;
        }
    }

    /** Looks no more. */
    void close() {
        timer.close();
    }
}
