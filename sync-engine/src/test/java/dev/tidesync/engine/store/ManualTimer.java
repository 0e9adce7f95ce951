package dev.tidesync.engine.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A timer that runs its tasks when a test says so. */
final class ManualTimer implements Housekeeping.Timer {
    /** What is put off so long begins again by itself, for ever. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private static final int MANY = 100_000;

    private final List<Runnable> tasks = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();

    @Override
    public void after(Duration delay, Runnable task) {
        (delay.compareTo(LONG) < 0 ? tasks : later).add(task);
    }

    /** Runs everything, and all that it puts off, until nothing is left but what waits for long. */
    void runUntilQuiet() {
        for (int round = 0; !tasks.isEmpty(); round++) {
            if (round == MANY) {
                throw new AssertionError("the timer's tasks put themselves off for ever");
            }
            runTasks();
        }
    }

    /** Lets a long time pass. */
    void runLater() {
        tasks.addAll(later);
        later.clear();
        runTasks();
    }

    /** Runs what is due by now; what these tasks put off waits for the next call. */
    void runTasks() {
        List<Runnable> due = List.copyOf(tasks);
        tasks.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public void close() {
        tasks.clear();
        later.clear();
    }
}
