package dev.tidesync.engine.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Walks several sets, each oldest first, as one that is oldest first. Looks no further ahead than it is asked; the sets
 * must not change meanwhile.
 */
final class FifoMerge implements Iterator<Entry> {
    private record Source(long headSeq, int head, SlotTree members) {}

    private final PriorityQueue<Source> sources = new PriorityQueue<>(Comparator.comparingLong(Source::headSeq));
    private final OperationRows rows;

    FifoMerge(OperationRows rows, Collection<SlotTree> sets) {
        this.rows = rows;
        sets.forEach(members -> add(members.first(), members));
    }

    private void add(int head, SlotTree members) {
        if (head != Slots.NONE) {
            sources.add(new Source(rows.seq(head), head, members));
        }
    }

    @Override
    public boolean hasNext() {
        return !sources.isEmpty();
    }

    @Override
    public Entry next() {
        Source oldest = sources.poll();
        if (oldest == null) {
            throw new NoSuchElementException();
        }
        add(oldest.members().after(oldest.head()), oldest.members());
        return rows.load(oldest.head());
    }
}
