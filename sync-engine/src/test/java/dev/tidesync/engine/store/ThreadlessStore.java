package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.LogStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store without threads on a storage that is not a directory: what its timer would do, a test does. */
public final class ThreadlessStore {
    /** What was delivered is forgotten when a test says so; its clock jumps by days. */
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final FileOutboxStore store;
    private final Tasks timer;
    private final ManualTimer upkeep;

    private ThreadlessStore(FileOutboxStore store, Tasks timer, ManualTimer upkeep) {
        this.store = store;
        this.timer = timer;
        this.upkeep = upkeep;
    }

    /**
     * A store whose timers stand still until a test runs them.
     *
     * @param key what the log is encrypted with, and its payloads compressed; nothing is if it is empty
     */
    public static ThreadlessStore open(
            LogStorage storage, InstantSource clock, int segmentBytes, Optional<byte[]> key) {
        FileOutboxStore.Config.Builder settings =
                FileOutboxStore.Config.builder().compressPayloads(key.isPresent());
        key.ifPresent(settings::encryptionKey);
        FileOutboxStore.Config config = settings.filePath(Path.of("simulated", "outbox.json"))
                .segmentBytes(segmentBytes)
                .clock(clock)
                .retainDoneFor(FOR_EVER)
                .build();
        Tasks timer = new Tasks();
        ManualTimer upkeep = new ManualTimer();
        StoreParts.Timers timers = new StoreParts.Timers(timer, upkeep);
        return new ThreadlessStore(StoreOpening.open(config, storage, timers, () -> {}), timer, upkeep);
    }

    public FileOutboxStore store() {
        return store;
    }

    /** Lets those 50 ms pass within which all that was logged is forced. */
    public void letPromisedDelayPass() {
        timer.runSoon();
    }

    /** Does one step of giving room free that nothing needs any more. */
    public void tidyUpALittle() {
        upkeep.runTasks();
    }

    /** Gives it free until there is nothing more to do. */
    public void tidyUp() {
        upkeep.runUntilQuiet();
    }

    /** Keeps what is due within moments; the view for people is left for the end. */
    private static final class Tasks implements Housekeeping.Timer {
        private static final Duration MOMENT = Duration.ofMillis(50);

        private final List<Runnable> soon = new ArrayList<>();

        @Override
        public void after(Duration delay, Runnable task) {
            if (delay.compareTo(MOMENT) <= 0) {
                soon.add(task);
            }
        }

        void runSoon() {
            List<Runnable> due = List.copyOf(soon);
            soon.clear();
            due.forEach(Runnable::run);
        }

        @Override
        public void close() {
            soon.clear();
        }
    }
}
