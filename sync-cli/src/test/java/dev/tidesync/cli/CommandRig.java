package dev.tidesync.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in this process, on a data directory, and keeps what they print. */
final class CommandRig {
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
        List<String> all = new ArrayList<>(List.of("--data", data.toString()));
        all.addAll(List.of(args));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(stdin), new PrintWriter(out, true), new PrintWriter(err, true), false);
        int exitCode = TidesyncCommand.execute(terminal, all.toArray(String[]::new));
        terminal.flush();
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Enqueues an operation and gives its id. */
    String enqueue(String kind, String target, String... more) {
        List<String> args = new ArrayList<>(List.of("enqueue", "--kind", kind, "--target", target));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new)).onlyLine();
    }
}
