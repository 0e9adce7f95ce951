package dev.tidesync.engine.store;

import dev.tidesync.api.OperationStatus;
import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.Settlement;
import dev.tidesync.spi.Settlement.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** How operations end: outcomes of claims, a person's decisions, expiry and pruning. */
final class Outcomes {
    /** How many operations one step changes, and one record of the log names, at most. */
    private static final int PART = 1_000;

    private final Ledger ledger;

    Outcomes(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Records how an operation in flight ended, whoever holds it; false if it is not in flight. */
    boolean settleInFlight(String id, Ledger.Sync sync, Function<Entry, WalRecord> outcome) {
        return ledger.change(sync, change -> {
            Entry entry = change.index().find(id);
            if (entry == null || !entry.isInFlight()) {
                return false;
            }
            change.log(outcome.apply(entry));
            return true;
        });
    }

    List<Boolean> settleAll(List<Settlement> settlements) {
        boolean burials = settlements.stream().anyMatch(one -> one.verdict() == Verdict.PERMANENT_FAILED);
        return ledger.change(
                burials ? Ledger.Sync.BEFORE_RETURN : Ledger.Sync.SOON,
                change -> settlements.stream()
                        .map(settlement -> settle(change, settlement))
                        .toList());
    }

    private static boolean settle(Ledger.Change change, Settlement settlement) {
        Entry entry = change.index().find(settlement.claim().operation().id());
        if (entry == null || !isAccepted(entry, settlement)) {
            return false;
        }
        change.log(toRecord(entry, settlement));
        return true;
    }

    /** A delivery is true whoever reports it, and however late; any other outcome is its claim's own. */
    private static boolean isAccepted(Entry entry, Settlement settlement) {
        return settlement.verdict() == Verdict.DELIVERED
                ? entry.status != OperationStatus.DONE
                : entry.isHeldBy(settlement.claim().token());
    }

    private static WalRecord toRecord(Entry entry, Settlement settlement) {
        int attempt = entry.attempt + (settlement.charged() ? 1 : 0);
        return switch (settlement.verdict()) {
            case DELIVERED -> new WalRecord.Delivered(entry.id, settlement.nowMs(), settlement.answer());
            case FAILED ->
                new WalRecord.Failed(
                        entry.id,
                        settlement.nowMs(),
                        attempt,
                        settlement.dueAtMs(),
                        settlement.error(),
                        settlement.code(),
                        settlement.ambiguous(),
                        settlement.dueWasAsked(),
                        entry.previousIncident());
            case PERMANENT_FAILED ->
                new WalRecord.Buried(
                        entry.id,
                        settlement.nowMs(),
                        attempt,
                        settlement.error(),
                        settlement.code(),
                        entry.previousIncident());
            case RELEASED ->
                new WalRecord.Released(
                        entry.id,
                        settlement.nowMs(),
                        entry.claimedFrom,
                        settlement.dueAtMs(),
                        settlement.error(),
                        settlement.code(),
                        settlement.ambiguous(),
                        settlement.dueWasAsked(),
                        entry.previousIncident());
        };
    }

    /** Gives a claim back, uncharged. */
    void putOff(String id, long token, String reason, long nowMs, long dueAtMs) {
        ledger.change(Ledger.Sync.SOON, change -> {
            Entry entry = change.index().find(id);
            if (entry == null || !entry.isHeldBy(token)) {
                return false;
            }
            change.log(new WalRecord.Released(
                    id,
                    nowMs,
                    entry.claimedFrom,
                    dueAtMs,
                    reason,
                    "store.unreadable",
                    false,
                    false,
                    entry.previousIncident()));
            return true;
        });
    }

    void cancel(String id, long nowMs) {
        ledger.change(Ledger.Sync.BEFORE_RETURN, change -> {
            Entry entry = require(change.index(), id);
            if (!entry.isWaiting()) {
                throw refusal(entry, "cancelled", "PENDING or FAILED");
            }
            String error = "cancelled on a person's request";
            return change.log(
                    new WalRecord.Buried(id, nowMs, entry.attempt, error, "cancelled", entry.previousIncident()));
        });
    }

    void replay(String id, String lastError, long nowMs) {
        ledger.change(Ledger.Sync.BEFORE_RETURN, change -> {
            Entry entry = require(change.index(), id);
            if (entry.status != OperationStatus.PERMANENT_FAILED) {
                throw refusal(entry, "replayed", "PERMANENT_FAILED");
            }
            return change.log(replayed(entry, lastError, nowMs));
        });
    }

    private static WalRecord replayed(Entry entry, String lastError, long nowMs) {
        return new WalRecord.Replayed(entry.id, nowMs, "replayed; before that: " + lastError, entry.previousIncident());
    }

    /** Replays those that are still buried, given the last error of each. */
    int replayAll(Map<String, String> lastErrors, long nowMs) {
        return ledger.change(Ledger.Sync.BEFORE_RETURN, change -> {
            int replayed = 0;
            for (Map.Entry<String, String> buried : lastErrors.entrySet()) {
                Entry entry = change.index().find(buried.getKey());
                if (entry != null && entry.status == OperationStatus.PERMANENT_FAILED) {
                    change.log(replayed(entry, buried.getValue(), nowMs));
                    replayed++;
                }
            }
            return replayed;
        });
    }

    private static Entry require(OutboxIndex index, String id) {
        Entry entry = index.find(id);
        if (entry == null) {
            throw unknown(id);
        }
        return entry;
    }

    static NoSuchElementException unknown(String id) {
        return new NoSuchElementException("there is no operation '" + id + "'");
    }

    private static IllegalStateException refusal(Entry entry, String asked, String expected) {
        return new IllegalStateException("operation '" + entry.id + "' cannot be " + asked + ": expected status "
                + expected + " but was " + entry.status);
    }

    int expire(long nowMs) {
        return inParts(Ledger.Sync.BEFORE_RETURN, change -> {
            List<Entry> expired = change.index().expiredAt(nowMs, PART);
            for (Entry entry : expired) {
                String error = "expired: it was not delivered by " + Instant.ofEpochMilli(entry.expiresAtMs);
                change.log(new WalRecord.Buried(
                        entry.id, nowMs, entry.attempt, error, "expired", entry.previousIncident()));
            }
            return expired.size();
        });
    }

    /** Changes many operations without holding the lock for long, or all of them in memory. */
    private int inParts(Ledger.Sync sync, ToIntFunction<Ledger.Change> part) {
        int all = 0;
        while (true) {
            int changed = ledger.change(sync, part::applyAsInt);
            all += changed;
            if (changed < PART) {
                return all;
            }
        }
    }

    /** Losing this to a power cut means that the operations are DONE once more. */
    int pruneDone(long olderThanMs) {
        return inParts(Ledger.Sync.SOON, change -> prune(change, change.index().doneUntil(olderThanMs, PART)));
    }

    /**
     * As {@link #pruneDone} of what is this old, without hurry: nobody waits for the force, and nobody minds if it
     * comes late. Callers name the time, and need not name that of the clock: where their time is behind, theirs
     * counts.
     */
    int forgetDone(Duration age, long clockMs) {
        return inParts(Ledger.Sync.NOT_WAITED_FOR, change -> {
            long nowMs = Math.min(clockMs, change.index().latestMs());
            return prune(change, change.index().doneUntil(nowMs - age.toMillis(), PART));
        });
    }

    /** As {@link #forgetDone}, of the oldest as many as there are more than {@code kept}. */
    int forgetDoneBeyond(long kept) {
        return inParts(Ledger.Sync.NOT_WAITED_FOR, change -> {
            long excess = change.index().count(OperationStatus.DONE) - kept;
            return prune(change, change.index().doneUntil(Long.MAX_VALUE, (int) Math.max(0, Math.min(PART, excess))));
        });
    }

    /** A person's decision, so it is on disk when this returns. */
    int pruneDeadLetters(long olderThanMs) {
        return inParts(
                Ledger.Sync.BEFORE_RETURN,
                change -> prune(change, change.index().buriedUntil(olderThanMs, PART)));
    }

    private static int prune(Ledger.Change change, List<Entry> entries) {
        if (!entries.isEmpty()) {
            change.log(
                    new WalRecord.Pruned(entries.stream().map(entry -> entry.id).toList()));
        }
        return entries.size();
    }
}
