package dev.tidesync.engine.store;

import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Walks several collections, each oldest first, as one that is oldest first. Looks no further ahead than it is asked.
 */
final class FifoMerge implements Iterator<Entry> {
    private record Source(Entry head, Iterator<Entry> rest) {}

    private final PriorityQueue<Source> sources = new PriorityQueue<>(Comparator.comparing(Source::head, Entry.BY_AGE));

    FifoMerge(Collection<? extends Collection<Entry>> collections) {
        collections.forEach(collection -> advance(collection.iterator()));
    }

    private void advance(Iterator<Entry> source) {
        if (source.hasNext()) {
            sources.add(new Source(source.next(), source));
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
        advance(oldest.rest());
        return oldest.head();
    }
}
