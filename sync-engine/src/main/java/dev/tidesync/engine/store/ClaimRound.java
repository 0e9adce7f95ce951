package dev.tidesync.engine.store;

import dev.tidesync.engine.wal.WalRecord;
import dev.tidesync.spi.Admission;
import dev.tidesync.spi.ClaimRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One batch of claims: every ready queue that the gate admits has its turns, one operation a turn, until the batch is
 * full. Queues that were served stand behind the others in the next batch.
 */
final class ClaimRound {
    /** How many operations a round notes a reason for at most, so that a long queue costs no long round. */
    private static final int MAX_NOTES = 100;

    /** What was claimed, as it stood just after. */
    record Claimed(EntryState state, long token, boolean ambiguousBefore) {}

    private final class Turns {
        private final ReadyQueue queue;
        private int left;
        private long lastSeq = Long.MIN_VALUE;

        private Turns(ReadyQueue queue, int admitted) {
            this.queue = queue;
            this.left = admitted;
        }

        /** Claims one operation; false if this queue has had its share. */
        private boolean take() {
            Entry next = left == 0 ? null : nextClaimable(queue, lastSeq);
            if (next == null) {
                return false;
            }
            left--;
            lastSeq = next.seq;
            claim(next);
            return true;
        }
    }

    private final Ledger.Change change;
    private final ClaimRequest request;
    private final long durableOffset;
    private final Schedule schedule;
    private final List<Claimed> claimed = new ArrayList<>();
    private int notesLeft = MAX_NOTES;

    ClaimRound(Ledger.Change change, ClaimRequest request, long durableOffset) {
        this.change = change;
        this.request = request;
        this.durableOffset = durableOffset;
        this.schedule = change.index().scheduleAt(request.nowMs());
    }

    /** Claims the batch. */
    List<Claimed> run() {
        List<Turns> round = admitted();
        List<ReadyQueue> served = round.stream().map(turns -> turns.queue).toList();
        while (!round.isEmpty() && claimed.size() < request.limit()) {
            for (Iterator<Turns> turns = round.iterator(); turns.hasNext() && claimed.size() < request.limit(); ) {
                if (!turns.next().take()) {
                    turns.remove();
                }
            }
        }
        served.forEach(schedule::endTurn);
        return claimed;
    }

    /** The queues of this round: each has something to claim, so more of them than the limit cannot be served. */
    private List<Turns> admitted() {
        List<Turns> round = new ArrayList<>();
        for (ReadyQueue queue : schedule.queuesInTurn()) {
            if (round.size() >= request.limit()) {
                break;
            }
            if (nextClaimable(queue, Long.MIN_VALUE) == null) {
                continue;
            }
            QueueKey key = queue.key();
            Admission admission = request.gate().admit(key.kind(), key.destination());
            if (admission.limit() > 0) {
                round.add(new Turns(queue, admission.limit()));
            } else if (!admission.reason().isEmpty()) {
                note(queue, admission.reason());
            }
        }
        return round;
    }

    private @Nullable Entry nextClaimable(ReadyQueue queue, long afterSeq) {
        return change.index().nextClaimable(queue, afterSeq, request.nowMs(), durableOffset);
    }

    private void note(ReadyQueue queue, String reason) {
        for (Entry entry : change.index().nextToNote(queue, reason, notesLeft)) {
            change.log(new WalRecord.Noted(entry.id, request.nowMs(), reason, entry.previousIncident()));
            notesLeft--;
        }
    }

    private void claim(Entry entry) {
        long token = change.log(new WalRecord.Claimed(entry.id, request.owner(), request.nowMs()));
        Entry after = Objects.requireNonNull(change.index().find(entry.id), "a claim removes nothing");
        claimed.add(new Claimed(EntryState.of(after), token, entry.ambiguous));
    }
}
