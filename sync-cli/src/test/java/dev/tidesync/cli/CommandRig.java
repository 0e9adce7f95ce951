package dev.tidesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in this process, on a data directory, and keeps what they print. */
final class CommandRig {
    /** Where nothing more can be written. */
    static final Writer FULL_DISK = new Writer() {
        @Override
        public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private final Path data;
    private byte[] stdin = {};

    CommandRig(Path data) {
        this.data = data;
    }

    /** How a command ended. */
    record Result(int exitCode, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }

        String onlyLine() {
            if (lines().size() != 1) {
                throw new AssertionError("expected one line but was: " + out + err);
            }
            return lines().get(0);
        }
    }

    CommandRig stdin(byte[] bytes) {
        stdin = bytes;
        return this;
    }

    CommandRig stdin(String text) {
        return stdin(text.getBytes(UTF_8));
    }

    Result run(String... args) {
        StringWriter out = new StringWriter();
        Result result = run(out, args);
        return new Result(result.exitCode(), out.toString(), result.err());
    }

    /** Runs a command whose output goes elsewhere. */
    Result run(Writer out, String... args) {
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(args));
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(stdin), new PrintWriter(out, true), new PrintWriter(err, true), false);
        int exitCode = TidesyncCommand.execute(terminal, all.toArray(String[]::new));
        terminal.flush();
        return new Result(exitCode, "", err.toString());
    }

    /** Enqueues an operation and gives its id. */
    String enqueue(String kind, String target, String... more) {
        List<String> args = new ArrayList<>(List.of("enqueue", "--kind", kind, "--target", target));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new)).onlyLine();
    }
}
