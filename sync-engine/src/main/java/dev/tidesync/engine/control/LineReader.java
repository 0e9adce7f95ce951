package dev.tidesync.engine.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads lines of bytes of a bounded length, so that neither a file nor a peer can exhaust the memory. Confined to one
 * thread.
 */
public final class LineReader {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int end;
    private long lineNumber;

    /** Reads from {@code in}, which stays the caller's to close. */
    public LineReader(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * One line, without its line feed.
     *
     * @param number counted from 1
     * @param bytes the line; empty if it is too long
     * @param tooLong whether the line was longer than allowed, and so was skipped
     */
    @SuppressWarnings("ArrayRecordComponent") // a line is read once and never compared
    public record Line(long number, byte[] bytes, boolean tooLong) {
        /** Whether nothing but white space is on it. */
        public boolean isBlank() {
            for (byte each : bytes) {
                if (each != ' ' && each != '\t' && each != '\r') {
                    return false;
                }
            }
            return !tooLong;
        }
    }

    /** The next line; empty at the end of the input. */
    public Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        long length = 0;
        while (fill()) {
            int lineFeed = indexOfLineFeed();
            int stop = lineFeed < 0 ? end : lineFeed;
            length += stop - position;
            if (length <= maxLineBytes) {
                line.write(buffer, position, stop - position);
            }
            position = lineFeed < 0 ? end : lineFeed + 1;
            if (lineFeed >= 0) {
                return Optional.of(line(line, length));
            }
        }
        return length == 0 ? Optional.empty() : Optional.of(line(line, length));
    }

    /** Whether some input is there already, so that reading on is unlikely to wait. */
    public boolean hasInput() throws IOException {
        return position < end || in.available() > 0;
    }

    private Line line(ByteArrayOutputStream content, long length) {
        lineNumber++;
        boolean tooLong = length > maxLineBytes;
        return new Line(lineNumber, tooLong ? new byte[0] : content.toByteArray(), tooLong);
    }

    private boolean fill() throws IOException {
        if (position == end) {
            position = 0;
            end = Math.max(0, in.read(buffer));
        }
        return position < end;
    }

    private int indexOfLineFeed() {
        for (int i = position; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
