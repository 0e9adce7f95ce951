package dev.tidesync.engine.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A timer that runs its tasks when a test says so. */
final class ManualTimer implements Housekeeping.Timer {
    private final List<Runnable> tasks = new ArrayList<>();

    @Override
    public void after(Duration delay, Runnable task) {
        tasks.add(task);
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
    }
}
