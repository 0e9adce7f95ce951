package dev.tidesync.engine.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void linesAreNumberedFromOneAndTheLastNeedsNoLineFeed() throws IOException {
        assertThat(read("a\n\nbc", 10)).containsExactly("1:a", "2:", "3:bc");
    }

    @Test
    void aFinalLineFeedAddsNoEmptyLine() throws IOException {
        assertThat(read("a\n", 10)).containsExactly("1:a");
        assertThat(read("", 10)).isEmpty();
    }

    @Test
    void aLineThatIsTooLongIsSkippedAndTheNextOneRead() throws IOException {
        assertThat(read("abc\nabcd\nab\n", 3)).containsExactly("1:abc", "2:too long", "3:ab");
    }

    @Test
    void aLineMayBeLongerThanTheBuffer() throws IOException {
        String longLine = "x".repeat(200_000);

        assertThat(read(longLine + "\ny\n", 300_000)).containsExactly("1:" + longLine, "2:y");
    }

    private static List<String> read(String input, int maxLineBytes) throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream(input.getBytes(UTF_8)), maxLineBytes);
        List<String> lines = new ArrayList<>();
        Optional<LineReader.Line> line = reader.next();
        while (line.isPresent()) {
            LineReader.Line read = line.get();
            lines.add(read.number() + ":" + (read.tooLong() ? "too long" : new String(read.bytes(), UTF_8)));
            line = reader.next();
        }
        return lines;
    }
}
