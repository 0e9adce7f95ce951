package dev.tidesync.engine;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

/** Reads a {@code .properties} file in UTF-8, as {@link Properties} does, but knows the line of each key. */
final class PropertiesFile {
    /**
     * One setting of the file.
     *
     * @param key its key
     * @param value its value
     * @param line the line it begins on, counted from 1
     */
    record Line(String key, String value, int line) {}

    private PropertiesFile() {}

    /**
     * The settings, in the order of the file; a key that is set twice comes twice.
     *
     * @throws IOException if the file cannot be read as UTF-8
     * @throws IllegalArgumentException if an escape in it is malformed; names the line
     */
    static List<Line> read(Path file) throws IOException {
        List<Line> settings = new ArrayList<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int first = 0; first < lines.size(); first++) {
            int last = isComment(lines.get(first)) ? first : lastOfLogicalLine(lines, first);
            parse(String.join("\n", lines.subList(first, last + 1)), first + 1, settings::add);
            first = last;
        }
        return settings;
    }

    private static int lastOfLogicalLine(List<String> lines, int first) {
        int last = first;
        while (last + 1 < lines.size() && isContinued(lines.get(last))) {
            last++;
        }
        return last;
    }

    private static boolean isComment(String line) {
        String text = line.stripLeading();
        return text.isEmpty() || text.startsWith("#") || text.startsWith("!");
    }

    /** A line goes on if it ends in an odd number of backslashes. */
    private static boolean isContinued(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private static void parse(String logicalLine, int number, Consumer<Line> settings) throws IOException {
        Properties parsed = new Properties();
        try {
            parsed.load(new StringReader(logicalLine));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "line " + number + ": " + malformed.getMessage() + "; write a backslash as two", malformed);
        }
        parsed.stringPropertyNames()
                .forEach(key ->
                        settings.accept(new Line(key, parsed.getProperty(key).strip(), number)));
    }
}
