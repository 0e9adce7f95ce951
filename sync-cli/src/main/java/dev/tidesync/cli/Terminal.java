package dev.tidesync.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.io.PrintWriter;

/**
 * Where a command reads and writes.
 *
 * @param interactive whether a person watches, so that a line may be drawn over
 */
record Terminal(InputStream in, PrintWriter out, PrintWriter err, boolean interactive) {
    void print(String line) {
        out.println(line);
    }

    void print(ObjectNode json) {
        out.println(json);
    }

    /** A sentence beside the result: a refusal, a warning, a hint. */
    void note(String sentence) {
        out.flush();
        err.println(sentence);
        err.flush();
    }

    /** Whether anything of the result did not reach whoever was to read it. */
    boolean lostOutput() {
        return out.checkError();
    }

    void flush() {
        out.flush();
        err.flush();
    }

    /** The text with control characters made visible, so that what an operation holds cannot steer the terminal. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                visible.append("\\u").append(Integer.toHexString(0x10000 | c).substring(1));
            } else {
                visible.appendCodePoint(c);
            }
        });
        return visible.toString();
    }
}
