package dev.tidesync.engine.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one kind to one destination that are due and at the head of their lane, oldest first. One queue a
 * destination is what keeps a dead one from standing in the way of the others.
 */
final class ReadyQueue {
    private final QueueKey key;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();

    /** Every operation older than this has been looked at for {@link #noteReason}. */
    private long noteFromSeq;

    private String noteReason = "";

    ReadyQueue(QueueKey key) {
        this.key = key;
    }

    QueueKey key() {
        return key;
    }

    void add(Entry entry) {
        entries.put(entry.seq, entry);
        noteFromSeq = Math.min(noteFromSeq, entry.seq);
    }

    boolean remove(Entry entry) {
        return entries.remove(entry.seq, entry);
    }

    boolean contains(Entry entry) {
        return entries.get(entry.seq) == entry;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Collection<Entry> oldestFirst() {
        return entries.values();
    }

    /** The oldest operation that may be claimed and is younger than {@code afterSeq}; null if there is none. */
    @Nullable Entry nextClaimable(long afterSeq, long nowMs, long durableOffset) {
        for (Entry candidate : entries.tailMap(afterSeq, false).values()) {
            if (candidate.isClaimable(nowMs, durableOffset)) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The next operations, of at most {@code limit} looked at, whose last error does not give this reason yet. Each
     * call goes on where the one before ended, so that a long queue is noted bit by bit at a bounded cost a call.
     */
    List<Entry> nextToNote(String reason, int limit) {
        if (!reason.equals(noteReason)) {
            noteReason = reason;
            noteFromSeq = 0;
        }
        List<Entry> unnoted = new ArrayList<>();
        int looked = 0;
        for (Entry candidate : entries.tailMap(noteFromSeq, true).values()) {
            if (looked++ == limit) {
                break;
            }
            noteFromSeq = candidate.seq + 1;
            if (!reason.equals(candidate.notedReason)) {
                unnoted.add(candidate);
            }
        }
        return unnoted;
    }
}
