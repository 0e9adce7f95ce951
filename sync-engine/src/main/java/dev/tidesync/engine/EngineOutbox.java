package dev.tidesync.engine;

import dev.tidesync.api.Operation;
import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.outbox.Outbox;
import dev.tidesync.spi.Enqueuer;
import dev.tidesync.spi.OutboxStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An engine's outbox as its transports see it. They are made before the engine holds its data directory, so it begins
 * closed.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class EngineOutbox implements Enqueuer {
    /** Payloads come along, and each may be as large as an operation can be. */
    private static final int PAGE = 16;

    private static final List<OperationStatus> UNFINISHED =
            List.of(OperationStatus.PENDING, OperationStatus.FAILED, OperationStatus.IN_FLIGHT);

    private volatile @Nullable Outbox outbox;

    void open(Outbox opened) {
        outbox = opened;
    }

    private Outbox outbox() {
        Outbox open = outbox;
        if (open == null) {
            throw new IllegalStateException("the outbox is not open yet; enqueue from what whenOpen starts");
        }
        return open;
    }

    @Override
    public CompletionStage<Operation> enqueue(Operation operation) {
        Outbox open = outbox();
        OutboxStore store = open.store();
        Operation standing = store.get(operation.id()).orElse(operation);
        return open.enqueueAsync(standing).thenApply(id -> standing);
    }

    @Override
    public void eachUnfinished(String kind, Consumer<Operation> visitor) {
        UNFINISHED.forEach(status -> eachWith(status, kind, visitor));
    }

    private void eachWith(OperationStatus status, String kind, Consumer<Operation> visitor) {
        String last = "";
        List<Operation> page;
        do {
            page = outbox().store().page(status, last, PAGE);
            page.stream().filter(operation -> operation.kind().equals(kind)).forEach(visitor);
            last = page.isEmpty() ? "" : page.get(page.size() - 1).id();
        } while (page.size() == PAGE);
    }
}
