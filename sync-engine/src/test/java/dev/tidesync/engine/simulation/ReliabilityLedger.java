package dev.tidesync.engine.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Notes what a long test ran and how it ended, one JSON object a line, in the file that {@code -Dreliability.ledger}
 * names; in no file if it names none.
 */
public final class ReliabilityLedger {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReliabilityLedger() {}

    /**
     * Runs a test and notes it.
     *
     * @param part what was tested
     * @param size how much of it, as {@code seeds} or {@code kills}
     */
    public static void note(String part, Map<String, Long> size, Callable<?> test) throws Exception {
        String file = System.getProperty("reliability.ledger", "");
        if (file.isEmpty()) {
            test.call();
            return;
        }
        long start = System.nanoTime();
        boolean held = false;
        try {
            test.call();
            held = true;
        } finally {
            append(Path.of(file), line(part, size, held, Duration.ofNanos(System.nanoTime() - start)));
        }
    }

    private static Map<String, Object> line(String part, Map<String, Long> size, boolean held, Duration took) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(
                "at",
                InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        line.put("commit", System.getProperty("reliability.commit", "unknown"));
        line.put("java", System.getProperty("java.version"));
        line.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        line.put("processors", Runtime.getRuntime().availableProcessors());
        line.put("part", part);
        line.putAll(size);
        line.put("held", held);
        line.put("seconds", took.toSeconds());
        return line;
    }

    private static void append(Path file, Map<String, Object> line) throws IOException {
        Files.writeString(
                file, text(line) + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String text(Map<String, Object> line) throws JsonProcessingException {
        return JSON.writeValueAsString(line);
    }
}
