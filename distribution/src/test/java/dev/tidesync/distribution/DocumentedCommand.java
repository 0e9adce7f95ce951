package dev.tidesync.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One command of a document: what a reader would paste, without the comment behind it.
 *
 * @param line the line of the document on which it stands, counted from 1
 * @param text the command as it is written
 */
record DocumentedCommand(int line, String text) {
    private static final String FENCE = "```";
    private static final String SHELL = "sh";

    /** Languages whose blocks are no commands. */
    private static final List<String> OTHER_LANGUAGES = List.of("", "java", "properties");

    private static final Pattern LOOKS_LIKE_A_COMMAND = Pattern.compile("(\\$ |\\./|bin/)?(tidesync|mvnw?|java) .*");

    /** The commands in the fenced blocks of a page, in order; several may share a line. */
    static List<DocumentedCommand> in(Path page) throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        String language = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith(FENCE)) {
                language = language == null ? line.substring(FENCE.length()) : null;
            } else if (SHELL.equals(language)) {
                int first = i;
                while (line.endsWith("\\") && i + 1 < lines.size()) {
                    line = line.substring(0, line.length() - 1) + lines.get(++i).strip();
                }
                split(line).forEach(text -> commands.add(new DocumentedCommand(first + 1, text)));
            } else if (language != null) {
                requireNoCommand(page, i + 1, language, line);
            }
        }
        return commands;
    }

    /** A command in a block of another name would never be run. */
    private static void requireNoCommand(Path page, int number, String language, String line) {
        boolean known = OTHER_LANGUAGES.contains(language);
        if (!known || LOOKS_LIKE_A_COMMAND.matcher(line).matches()) {
            throw new AssertionError(page + ":" + number + " is in a block that begins with '" + FENCE + language
                    + "'; begin it with '" + FENCE + SHELL + "', so that its commands are run, or add the language to"
                    + " those that hold none");
        }
    }

    /** The parts of a line between semicolons, as far as these and the comment are outside of quotes. */
    private static List<String> split(String line) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean wordBegins = i == 0 || Character.isWhitespace(line.charAt(i - 1));
            if (quote == 0 && c == '#' && wordBegins) {
                break;
            }
            if (quote == 0 && c == ';') {
                add(part, parts);
                continue;
            }
            quote = nextQuote(quote, c);
            part.append(c);
        }
        add(part, parts);
        return parts;
    }

    private static char nextQuote(char quote, char c) {
        if (quote == 0) {
            return c == '\'' || c == '"' ? c : 0;
        }
        return c == quote ? 0 : quote;
    }

    private static void add(StringBuilder part, List<String> parts) {
        String text = part.toString().strip();
        if (!text.isEmpty()) {
            parts.add(text);
        }
        part.setLength(0);
    }
}
