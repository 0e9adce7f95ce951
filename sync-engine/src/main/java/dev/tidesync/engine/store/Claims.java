package dev.tidesync.engine.store;

import dev.tidesync.api.Operation;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.Claim;
import dev.tidesync.spi.ClaimRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may send what: handing out claims, and taking back those whose owner is gone. */
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    /** How long an operation waits whose record could not be read: the disk may have had a bad moment. */
    private static final long UNREADABLE_DELAY_MS = 30_000;

    private final Ledger ledger;
    private final Journal journal;
    private final OperationReader reader;
    private final Outcomes outcomes;

    Claims(Ledger ledger, Journal journal, OperationReader reader, Outcomes outcomes) {
        this.ledger = ledger;
        this.journal = journal;
        this.reader = reader;
        this.outcomes = outcomes;
    }

    boolean claim(String id, String owner, long nowMs) {
        journal.room().requireFor(0);
        return ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> {
            Entry entry = change.index().find(id);
            if (entry == null || !change.index().isClaimable(entry, nowMs, journal.durableOffset())) {
                return false;
            }
            change.log(new WalRecord.Claimed(id, owner, nowMs));
            return true;
        });
    }

    List<Claim> claimReady(ClaimRequest request) {
        journal.room().requireFor(0);
        List<ClaimRound.Claimed> claimed = ledger.change(
                Ledger.Sync.NOT_WAITED_FOR, change -> new ClaimRound(change, request, journal.durableOffset()).run());
        List<Claim> claims = new ArrayList<>(claimed.size());
        Function<EntryState, Optional<Operation>> operations = reader.operations();
        for (ClaimRound.Claimed one : claimed) {
            addReadable(claims, one, operations, request);
        }
        return claims;
    }

    private void addReadable(
            List<Claim> claims,
            ClaimRound.Claimed claimed,
            Function<EntryState, Optional<Operation>> operations,
            ClaimRequest request) {
        EntryState state = claimed.state();
        try {
            operations
                    .apply(state)
                    .ifPresent(operation -> claims.add(
                            new Claim(operation, request.owner(), claimed.token(), claimed.ambiguousBefore())));
        } catch (RuntimeException unreadable) { // one that cannot be read must not take the batch with it
            LOG.error("operation '{}' cannot be read and is put off", state.id(), unreadable);
            long dueAtMs = request.nowMs() + UNREADABLE_DELAY_MS;
            outcomes.putOff(
                    state.id(), claimed.token(), "its record could not be read, see the log", request.nowMs(), dueAtMs);
        }
    }

    void renewLeases(Collection<Claim> claims, long nowMs) {
        ledger.change(Ledger.Sync.NOT_WAITED_FOR, change -> {
            for (Claim claim : claims) {
                Entry entry = change.index().find(claim.operation().id());
                if (entry != null && entry.isHeldBy(claim.token())) {
                    change.index().renewLease(entry, nowMs);
                }
            }
            return claims.size();
        });
    }

    int requeueInflightOlderThan(long nowMs, long timeoutMs) {
        return ledger.change(Ledger.Sync.SOON, change -> {
            change.index().restartLeasesAfter(nowMs);
            List<Entry> overdue = change.index().leasedUntil(nowMs - Math.max(0, timeoutMs));
            overdue.forEach(entry -> requeue(change, entry, nowMs, "requeued after in-flight timeout"));
            return overdue.size();
        });
    }

    /**
     * What was claimed before this offset was claimed by an earlier life of the store: one process has it at a time.
     */
    int reclaimOlderThan(long offset, long nowMs) {
        return ledger.change(Ledger.Sync.SOON, change -> {
            List<Entry> abandoned = change.index().leasedUntil(Long.MAX_VALUE).stream()
                    .filter(entry -> entry.claimToken < offset)
                    .toList();
            abandoned.forEach(entry -> requeue(change, entry, nowMs, "requeued after its owner stopped in mid-send"));
            return abandoned.size();
        });
    }

    private static void requeue(Ledger.Change change, Entry entry, long nowMs, String reason) {
        change.log(new WalRecord.Requeued(entry.id, nowMs, entry.attempt + 1, reason, entry.previousIncident()));
    }
}
