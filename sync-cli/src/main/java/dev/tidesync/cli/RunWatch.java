package dev.tidesync.cli;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.SyncEngine;
import dev.tidesync.engine.store.FileOutboxStore;
import dev.tidesync.spi.ListOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks on while an engine delivers, and decides when a run is over and how it ended. Confined to one thread. */
final class RunWatch {
    private static final long LOOK_MILLIS = 50;
    private static final int FIRST_LISTING = 100;

    private final SyncEngine engine;
    private final Progress progress;
    private final boolean untilEmpty;

    RunWatch(SyncEngine engine, Progress progress, boolean untilEmpty) {
        this.engine = engine;
        this.progress = progress;
        this.untilEmpty = untilEmpty;
    }

    /**
     * Returns the exit code, once the run is over or {@code stop} is counted down.
     *
     * @throws dev.tidesync.spi.OutboxStoreException if the store takes no more changes
     */
    int watch(CountDownLatch stop, @Nullable Duration atMost) throws InterruptedException {
        long startedAt = System.nanoTime();
        Counts before = new Counts(Map.of());
        do {
            requireWritable();
            Counts counts = new Counts(engine.outbox().store().counts());
            progress.show(counts);
            OptionalInt end = untilEmpty ? end(counts, counts.equals(before)) : OptionalInt.empty();
            if (end.isPresent()) {
                return end.getAsInt();
            }
            if (atMost != null && System.nanoTime() - startedAt >= atMost.toNanos()) {
                return untilEmpty ? ExitCode.TIME_UP : ExitCode.OK;
            }
            before = counts;
        } while (!stop.await(LOOK_MILLIS, TimeUnit.MILLISECONDS));
        return ExitCode.OK;
    }

    /** A store that could not write stays so until it is opened again, so that to wait on would be for ever. */
    private void requireWritable() {
        engine.failure().ifPresent(failure -> {
            throw failure;
        });
        if (engine.outbox().store() instanceof FileOutboxStore store) {
            store.requireWritable();
        }
    }

    private OptionalInt end(Counts counts, boolean atRest) {
        boolean noneInFlight = counts.of(OperationStatus.IN_FLIGHT) == 0;
        if (noneInFlight && counts.waiting() == 0) {
            boolean allDone = counts.of(OperationStatus.PERMANENT_FAILED) == 0;
            return OptionalInt.of(allDone ? ExitCode.OK : ExitCode.SOME_FAILED_FOR_GOOD);
        }
        return noneInFlight && atRest && nothingCanGo() ? OptionalInt.of(ExitCode.NO_ROUTE) : OptionalInt.empty();
    }

    /** Looks at more and more of what waits, and ends at the first that can go. */
    private boolean nothingCanGo() {
        int limit = FIRST_LISTING;
        while (true) {
            List<Operation> waiting = waiting(limit);
            if (oneCanGo(waiting)) {
                return false;
            }
            if (waiting.size() < limit) {
                return true;
            }
            limit = Math.multiplyExact(limit, 10);
        }
    }

    private List<Operation> waiting(int limit) {
        return engine.outbox()
                .store()
                .list(ListOptions.builder()
                        .nowMs(engine.outbox().config().clock().millis())
                        .onlyReady(false)
                        .limit(limit)
                        .build());
    }

    /** What waits in a lane behind one that no transport serves cannot go either. */
    private boolean oneCanGo(List<Operation> waiting) {
        Set<String> blockedLanes = new HashSet<>();
        for (Operation operation : waiting) {
            String lane = operation.orderingKey();
            if (engine.transports().route(operation.kind()).isEmpty()) {
                blockedLanes.add(lane);
            } else if (lane.isEmpty() || !blockedLanes.contains(lane)) {
                return true;
            }
        }
        return false;
    }
}
