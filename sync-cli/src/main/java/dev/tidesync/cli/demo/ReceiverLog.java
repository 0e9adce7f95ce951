package dev.tidesync.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the receiver has seen, read back from its log: the truth that the demo counts by. */
final class ReceiverLog {
    static final String LISTENING = "listening";
    static final String EFFECT = "effect";
    static final String REPEAT = "repeat";
    static final String FAILURE = "failure";

    private final Map<String, Integer> effectsByKey = new HashMap<>();
    private final Map<String, Integer> effectsByOperation = new HashMap<>();
    private final Map<String, Integer> events = new HashMap<>();

    private ReceiverLog() {}

    /** Reads the log as far as it has been written; a file that is not there yet is an empty log. */
    static ReceiverLog read(Path file) throws IOException {
        ReceiverLog log = new ReceiverLog();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().map(line -> line.split(" ", 3)).forEach(log::add);
        }
        return log;
    }

    private void add(String[] event) {
        events.merge(event[0], 1, Integer::sum);
        if (event[0].equals(EFFECT) && event.length == 3) {
            effectsByKey.merge(event[1], 1, Integer::sum);
            effectsByOperation.merge(event[2], 1, Integer::sum);
        }
    }

    boolean isListening() {
        return count(LISTENING) > 0;
    }

    int count(String event) {
        return events.getOrDefault(event, 0);
    }

    /** How many different keys had an effect. */
    int effects() {
        return effectsByKey.size();
    }

    /** How many effects there are beyond one for each key, or beyond one for each operation under whatever key. */
    int duplicates() {
        return Math.max(beyondOne(effectsByKey), beyondOne(effectsByOperation));
    }

    private static int beyondOne(Map<String, Integer> effects) {
        return effects.values().stream().mapToInt(count -> count - 1).sum();
    }

    /** Those of the given keys that had no effect. */
    List<String> missing(Collection<String> keys) {
        List<String> missing = new ArrayList<>(keys);
        missing.removeIf(effectsByKey::containsKey);
        return missing;
    }
}
