package dev.tidesync.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

/** Every {@code tidesync} command in the documents is one that the command line understands. */
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern COMMAND = Pattern.compile("(?:\\./|bin/)?tidesync +([^#]*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    @TestFactory
    Stream<DynamicTest> isUnderstood() throws IOException {
        return documentedCommands().stream()
                .map(command -> DynamicTest.dynamicTest(
                        command, () -> assertThatCode(() -> parse(command)).doesNotThrowAnyException()));
    }

    @Test
    void thereAreCommandsInTheDocuments() throws IOException {
        assertThat(documentedCommands()).hasSizeGreaterThan(10);
    }

    private static List<String> documentedCommands() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            pages,
                            Stream.of(
                                    ROOT.resolve("README.md"), ROOT.resolve("distribution/src/main/bundle/README.md")))
                    .filter(page -> page.toString().endsWith(".md"))
                    .flatMap(DocumentedCommandsTest::commandsIn)
                    .distinct()
                    .toList();
        }
    }

    /** The commands in the shell blocks of a page; several may share a line. */
    private static Stream<String> commandsIn(Path page) {
        try {
            return Arrays.stream(Files.readString(page).split("```", -1))
                    .filter(block -> block.startsWith("sh\n"))
                    .flatMap(String::lines)
                    .flatMap(line -> Arrays.stream(line.split(";", -1)))
                    .map(String::trim)
                    .map(COMMAND::matcher)
                    .filter(Matcher::lookingAt)
                    .map(matcher -> matcher.group(1).trim());
        } catch (IOException unreadable) {
            throw new AssertionError(page.toString(), unreadable);
        }
    }

    private static CommandLine.ParseResult parse(String command) {
        String[] words = WORD.matcher(command)
                .results()
                .map(DocumentedCommandsTest::unquoted)
                .takeWhile(word -> !word.equals("|") && !word.equals(">"))
                .toArray(String[]::new);
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                false);
        return TidesyncCommand.commandLine(terminal).parseArgs(words);
    }

    private static String unquoted(MatchResult word) {
        return Stream.of(1, 2, 3)
                .map(word::group)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }
}
