package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import java.util.List;
import java.util.Map;

/**
 * How the whole outbox stood at one moment.
 *
 * @param complete whether {@code operations} holds all; it is empty otherwise, since they are too many
 * @param operations every operation, oldest first
 */
record OutboxSnapshot(
        long takenAtMs, Map<OperationStatus, Long> counts, boolean complete, List<EntryState> operations) {}
