package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalDroppedException;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.Incident;
import dev.tidesync.spi.OutboxStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads back what happened to an operation: its last error's record names the one before it, and so on, until the log
 * has given back the room or a record is a copy made by compaction. Safe for use by many threads.
 */
final class Incidents {
    /** Enough to see a pattern; each costs a read. */
    static final int MOST = 32;

    /** A record as an incident, with the offset of the one before. */
    private record Link(String id, Incident incident, long previous) {}

    private final Journal journal;

    Incidents(Journal journal) {
        this.journal = journal;
    }

    /** What happened to an operation, newest first. */
    List<Incident> of(EntryState state) {
        List<Incident> incidents = new ArrayList<>();
        long offset = state.errorOffset();
        while (offset > 0 && incidents.size() < MOST) {
            Optional<Link> link = read(state, offset);
            link.ifPresent(found -> incidents.add(found.incident));
            long previous = link.map(Link::previous).orElse(0L);
            offset = previous < offset ? previous : 0; // a chain that does not lead back is damaged
        }
        return incidents;
    }

    /** Empty where the chain ends: the room was given back, or serves another operation since a recovery. */
    private Optional<Link> read(EntryState state, long offset) {
        try {
            return link(journal.read(state, offset)).filter(link -> link.id.equals(state.id()));
        } catch (OutboxStoreException failure) {
            if (failure.getCause() instanceof WalDroppedException) {
                return Optional.empty();
            }
            return Optional.of(new Link(
                    state.id(),
                    new Incident(0, Incident.Type.EARLIER, "store.unreadable", String.valueOf(failure.getMessage())),
                    0));
        }
    }

    private static Optional<Link> link(WalRecord record) {
        if (record instanceof WalRecord.Failed failed) {
            return link(
                    failed.id(), failed.atMs(), Incident.Type.FAILED, failed.code(), failed.error(), failed.previous());
        } else if (record instanceof WalRecord.Released released) {
            return link(
                    released.id(),
                    released.atMs(),
                    Incident.Type.RELEASED,
                    released.code(),
                    released.error(),
                    released.previous());
        } else if (record instanceof WalRecord.Buried buried) {
            return link(
                    buried.id(), buried.atMs(), Incident.Type.BURIED, buried.code(), buried.error(), buried.previous());
        } else if (record instanceof WalRecord.Requeued lost) {
            return link(lost.id(), lost.atMs(), Incident.Type.LOST, "", lost.error(), lost.previous());
        } else if (record instanceof WalRecord.Noted noted) {
            return link(noted.id(), noted.atMs(), Incident.Type.HELD, "", noted.error(), noted.previous());
        } else if (record instanceof WalRecord.Replayed replayed) {
            return link(
                    replayed.id(), replayed.atMs(), Incident.Type.REPLAYED, "", replayed.error(), replayed.previous());
        } else if (record instanceof WalRecord.Enqueued copy
                && !copy.operation().lastError().isEmpty()) {
            return link(
                    copy.operation().id(),
                    copy.operation().updatedAtMs(),
                    Incident.Type.EARLIER,
                    "",
                    copy.operation().lastError(),
                    0);
        }
        return Optional.empty();
    }

    private static Optional<Link> link(
            String id, long atMs, Incident.Type type, String code, String error, long previous) {
        return Optional.of(new Link(id, new Incident(atMs, type, code, error), previous));
    }
}
