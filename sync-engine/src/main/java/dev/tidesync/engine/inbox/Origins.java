package dev.tidesync.engine.inbox;

import dev.tidesync.engine.wal.WalRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Who has ever sent something, each with a low-water mark: up to which time of creation, on its own clock, operations
 * of it may have been forgotten. Not safe for use by several threads.
 */
final class Origins {
    private static final long NOTHING_FORGOTTEN = 0;

    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<Long> marks = new ArrayList<>();

    int numberOf(String origin) {
        return numbers.computeIfAbsent(origin, name -> {
            names.add(name);
            marks.add(NOTHING_FORGOTTEN);
            return names.size() - 1;
        });
    }

    String name(int number) {
        return names.get(number);
    }

    /** Everything this origin made up to this time may have been forgotten; 0 if nothing was. */
    long mark(String origin) {
        Integer number = numbers.get(origin);
        return number == null ? NOTHING_FORGOTTEN : marks.get(number);
    }

    /** Every mark that says something, as a record. */
    List<WalRecord> marks() {
        return IntStream.range(0, names.size())
                .filter(number -> marks.get(number) > NOTHING_FORGOTTEN)
                .<WalRecord>mapToObj(number -> new WalRecord.Forgotten(names.get(number), marks.get(number)))
                .toList();
    }

    /** Raises a mark; false if it stands there or higher already. */
    boolean raise(int number, long createdAtMs) {
        if (marks.get(number) >= createdAtMs) {
            return false;
        }
        marks.set(number, createdAtMs);
        return true;
    }
}
