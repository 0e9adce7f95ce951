package dev.tidesync.engine.plugin;

import dev.tidesync.spi.TransportMetrics;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one transport instance, kept in memory. Safe for use by many threads. */
final class CounterMetrics implements TransportMetrics {
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

    @Override
    public void add(String counter, long amount) {
        counters.computeIfAbsent(counter, unseen -> new LongAdder()).add(amount);
    }

    /** What each counter stands at. */
    SortedMap<String, Long> snapshot() {
        SortedMap<String, Long> values = new TreeMap<>();
        counters.forEach((counter, sum) -> values.put(counter, sum.sum()));
        return values;
    }
}
