package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.WalDroppedException;
import dev.tidesync.spi.OutboxStoreException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads operations from the log, without the ledger's lock. Compaction may move one between the look at the index and
 * the read; then the index is asked again where it is.
 *
 * <p><b>Threads:</b> safe for use by many.
 */
final class OperationReader {
    /** Between two looks its segment would have to be dropped once more; so often means that something is wrong. */
    private static final int MAX_LOOKS = 10;

    private final Ledger ledger;
    private final Journal journal;

    OperationReader(Ledger ledger, Journal journal) {
        this.ledger = ledger;
        this.journal = journal;
    }

    /**
     * The operation as it stood, or as it stands now if it was moved meanwhile; empty if it was forgotten meanwhile.
     *
     * @throws OutboxStoreException if the log cannot be read there
     */
    Optional<Operation> operation(EntryState state) {
        return read(state, journal::operation);
    }

    /** Does as {@link #operation}, for many that lie near each other; for one thread. */
    Function<EntryState, Optional<Operation>> operations() {
        Function<EntryState, Operation> how = journal.operations();
        return state -> read(state, how);
    }

    /** The operation as it was enqueued; empty if it was forgotten meanwhile. */
    Optional<Operation> intent(EntryState state) {
        return read(state, journal::intent);
    }

    private Optional<Operation> read(EntryState state, Function<EntryState, Operation> how) {
        Optional<EntryState> current = Optional.of(state);
        for (int look = 1; current.isPresent(); look++) {
            try {
                return current.map(how);
            } catch (OutboxStoreException failure) {
                if (!(failure.getCause() instanceof WalDroppedException) || look == MAX_LOOKS) {
                    throw failure;
                }
                current = ledger.read(index -> Optional.ofNullable(index.find(state.id())))
                        .map(EntryState::of);
            }
        }
        return Optional.empty();
    }
}
